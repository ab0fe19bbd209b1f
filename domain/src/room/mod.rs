//! A chat room: who may read and write, and the messages in one order for all.
//!
//! * [`state`]: the room as its journal tells it, and its rules of membership
//! * [`event`]: what can happen in it
//! * [`command`]: what can be asked of it, what it refuses and answers
//! * `decide`: the [`Aggregate`](crate::aggregate::Aggregate) itself

pub mod command;
mod decide;
pub mod event;
pub mod state;
#[cfg(test)]
mod tests;
