//! An order: the process manager of a purchase. Its journal decides what happens next and is the
//! only thing that ends a hold.
//!
//! * [`process`]: the whole life of an order on one page: which step follows which
//! * [`state`]: the order as its journal tells it
//! * [`event`]: what can happen to it
//! * [`command`]: what can be asked of it, what it refuses
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself
//! * [`notice`]: what is told to the world outside, and when
//! * [`refund`]: giving money back
//! * [`timeline`]: its history in words

pub mod command;
mod decide;
pub mod event;
pub mod notice;
pub mod process;
pub mod refund;
pub mod state;
#[cfg(test)]
mod tests;
pub mod timeline;
