//! From the configuration to open stores, any mix of engines, and to the marketplace that runs on them.
//!
//! * [`open`]: the five stores, each by its URL
//! * [`folders`]: the folders of embedded stores, each locked once
//! * `leases`: who uses a store that others can open
//! * `moving`: a shop's stores on both sides of a move
//! * [`house`]: a running marketplace on the stores

mod folders;
mod house;
mod leases;
mod moving;
mod open;

pub use house::{House, Telling};
pub use moving::{Move, Sides};
pub use open::{Access, Closer, OpenStores};
