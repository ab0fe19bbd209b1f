//! Many buyers, few units: what is sold, held and given back, and which answer a key, a tab or a payment gets.
//!
//! * `storm`: 2,000 buyers of 200 units, and the end of holds that nobody paid for
//! * `keys`: one cart, many keys; one key, many calls
//! * `payments`: each outcome of a payment, and what it does to order and stock
//! * `prices`: what was shown and what is asked

#[path = "../support/mod.rs"]
mod support;

mod keys;
mod payments;
mod prices;
mod storm;
