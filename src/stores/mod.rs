//! From the configuration to open stores, any mix of engines, and to the marketplace that runs on them.
//!
//! * [`open`]: the five stores, each by its URL
//! * [`folders`]: the folders of embedded stores, each locked once
//! * [`house`]: a running marketplace on the stores

mod folders;
mod house;
mod open;

pub use house::{House, Telling};
pub use open::{Access, Closer, OpenStores};
