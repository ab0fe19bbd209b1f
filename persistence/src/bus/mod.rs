//! What nodes tell each other while it happens: "entity X is now at N", with the events; and signals that are in no
//! journal. A bus may lose what it is given, and says so where it can know; the journals are what is true.
//!
//! * `port`: the port, and what is heard
//! * `listener`: the bounded queue between a bus and whoever listens
//! * `frame`: notices as bytes
//! * `memory`: nodes of one process, for tests and the simulation
//! * `redis`: Redis pub/sub; `publisher` and `subscriber` are its two tasks

mod frame;
mod listener;
mod memory;
mod port;
mod publisher;
mod redis;
mod subscriber;

pub use listener::Listener;
pub use memory::{MemoryBus, MemoryHub};
pub use port::{Bus, Heard, Notice};
pub use redis::{RedisBus, RedisBusOptions};
