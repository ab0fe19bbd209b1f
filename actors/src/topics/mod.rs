//! Real time: who is told of what, as it becomes durable.
//!
//! * [`topic`]: the names of what can be followed
//! * [`outbox`]: a follower's bounded queue
//! * [`hub`]: hands each entry, state or signal to all who follow a topic
//! * [`start`]: where a follower begins

pub mod hub;
pub mod outbox;
pub mod start;
pub mod topic;
