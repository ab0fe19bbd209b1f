//! A payment session: the only writer of what happened to an order's money.
//!
//! * [`process`]: what has to be asked of the provider next
//! * [`state`]: the payment as its journal tells it
//! * [`event`]: what can happen to it
//! * [`command`]: what can be asked of it, what it refuses
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself

pub mod command;
mod decide;
pub mod event;
pub mod process;
pub mod state;
#[cfg(test)]
mod tests;
