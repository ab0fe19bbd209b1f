//! Real time: who is told of what, as it becomes durable.
//!
//! * [`topic`]: the names of what can be followed
//! * [`outbox`]: a follower's bounded queue
//! * [`hub`]: hands each entry, state or signal to all who follow a topic

pub mod hub;
pub mod outbox;
pub mod topic;
