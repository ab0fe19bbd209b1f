//! A limited discount: how often it was used, and by whom. What it takes off is written in the config
//! ([`pricing::discounts`](crate::pricing::discounts)); this only counts.
//!
//! An order claims a use when it takes hold of its stock, and only the order ends the claim.
//!
//! * [`state`]: the discount as its journal tells it
//! * [`event`]: what can happen to it
//! * [`command`]: what can be asked of it, what it refuses
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself

pub mod command;
mod decide;
pub mod event;
pub mod state;
#[cfg(test)]
mod tests;
