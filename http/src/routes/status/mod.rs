//! How everything is doing, and each service alone, under the paths that it had as a service of its own.

pub mod board;
pub mod services;
