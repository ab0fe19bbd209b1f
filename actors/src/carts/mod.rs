//! Carts.
//!
//! * [`entity`]: what a cart publishes, and its process: placing the order of a checkout
//! * [`view`]: what the world sees of it
//! * [`service`]: the calls

pub mod entity;
pub mod service;
pub mod view;
