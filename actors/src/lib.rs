//! The actors: what lives, and what watches over it.
//!
//! * [`runtime`]: how an entity lives: directory, supervision, group commit, admission, passivation
//! * [`topics`]: real time: who is told of what

pub mod runtime;
pub mod topics;
