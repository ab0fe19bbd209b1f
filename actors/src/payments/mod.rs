//! Payments: the only writer of what happened to money.
//!
//! * [`entity`]: what a payment writes, and its process
//! * [`steps`]: how each step is carried out at the provider
//! * [`service`]: the calls

pub mod entity;
pub mod service;
pub mod steps;
