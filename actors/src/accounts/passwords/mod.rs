//! Passwords as they are kept.
//!
//! * [`hash`]: the forms that verify, their costs and bounds
//! * [`hasher`]: a few at a time, on threads of their own

pub mod hash;
pub mod hasher;

pub use hash::{Costs, Hash, HashFault};
pub use hasher::Hasher;
