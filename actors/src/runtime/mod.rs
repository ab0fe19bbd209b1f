//! The actor runtime. It is written once and knows no domain: a kind of live thing is one small
//! [`Entity`](entity::Entity).
//!
//! * [`entity`]: what a kind has to say about itself
//! * [`directory`]: from an id to its activation, on demand, one at a time; calls and their deadlines
//! * [`gate`]: admission: how many callers an activation lets in
//! * `actor`: the actor of one entity: a flat match over its messages
//! * `batch`: group commit: decide what has gathered, write it once, then answer
//! * `steps`: carries out what a process has to do next, again until it is done
//! * `supervisor`: what happens when an entity crashes
//! * [`sweeper`]: wakes what is due, puts to sleep what is idle
//! * [`peers`]: other nodes on the same store, as a kind sees them
//! * [`tenure`]: whether this node does what one node does for all
//! * [`world`]: time and chance as values
//! * [`error`]: why a call could not be answered

mod actor;
mod batch;
pub mod directory;
pub mod entity;
pub mod error;
pub mod gate;
pub mod peers;
mod steps;
mod supervisor;
pub mod sweeper;
pub mod tenure;
pub mod world;
