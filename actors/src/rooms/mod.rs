//! Chat rooms.
//!
//! * [`entity`]: what a room writes and publishes
//! * [`view`]: what the world sees of a room and its messages
//! * [`service`]: the calls, and who may be where

pub mod entity;
pub mod service;
pub mod view;
