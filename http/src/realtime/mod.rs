//! Live sessions: clients that follow topics, talk in rooms, and are told of what changes.
//!
//! * [`node`]: all sessions of this node
//! * [`config`], [`counters`]: what they may use, and what they did
//! * [`session`]: one of them, whatever it speaks
//! * [`ws`]: the codec of `/ws`

pub mod config;
pub mod counters;
pub mod node;
pub mod session;
pub mod ws;
