//! A session: one client and what it follows. It knows nothing of the wire; a codec reads what the
//! client asks and writes what the session says.
//!
//! * [`op`], [`outcome`], [`refusal`]: what can be asked, and what is answered
//! * [`asking`]: does what is asked
//! * [`outgoing`]: what is said, in the one order in which it may be said
//! * [`follows`]: what was sent of each topic, and so what may be sent next
//! * `reading`: reads a journal on
//! * [`ending`]: why a session ends
//! * [`setting`]: what it needs of the process

pub mod asking;
pub mod ending;
pub mod follows;
#[cfg(test)]
mod follows_tests;
pub mod op;
pub mod outcome;
pub mod outgoing;
mod reading;
pub mod refusal;
pub mod setting;
