//! A cart: what a buyer means to buy. While one of its orders is open it is read-only.
//!
//! * [`state`]: the cart as its journal tells it
//! * [`event`]: what can happen to it
//! * [`command`]: what can be asked of it, what it refuses and answers
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself
//! * `claim`: how it becomes an account's
//! * `checkout`: how an order starts and ends, and how its key is remembered

mod checkout;
mod claim;
#[cfg(test)]
mod claim_tests;
pub mod command;
mod decide;
pub mod event;
pub mod state;
#[cfg(test)]
mod tests;
