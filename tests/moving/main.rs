//! A shop that moves: from embedded stores to real engines, cut off in the middle, and back. Run by `scripts/nodes`.
//!
//! * `shop`: a shop with everything in it, and what must be the same wherever it is served from
//! * `stores`: configuration files for `souk copy`, and a store that is held up
//! * `there_and_back`: the whole way; `refusing`: what is not copied
//! * `large`: how long it takes, and how much memory

#[path = "../support/mod.rs"]
mod support;

mod large;
mod refusing;
mod shop;
mod stores;
mod there_and_back;
