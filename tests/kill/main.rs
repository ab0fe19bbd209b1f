//! kill -9 in the middle of load, and SIGTERM: what was acknowledged is there afterwards.
//!
//! * `load`: clients that write down what they asked and what they were told
//! * `verify`: what they were told, against what is there after the restart
//! * `rounds`: load, kill, check, restart, verify; again and again on the same data
//! * `backup`: a copy of all files while they are written
//! * `stop`: the end that is asked for

#[path = "../support/mod.rs"]
mod support;

mod backup;
mod load;
mod rounds;
mod stop;
mod verify;
