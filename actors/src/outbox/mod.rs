//! What is told to the world outside: mails to buyers, webhooks to programs.
//!
//! ```text
//!  commit ──▶ journal ──relay──▶ one delivery for each consumer, and the mark ──dispatcher──▶ sent, tried again, or parked
//! ```
//!
//! * [`settings`]: what it is made of, and its bounds
//! * [`service`]: started with the marketplace, and asked by staff
//! * [`relay`]: from commits to deliveries
//! * [`dispatcher`]: sends the deliveries of one consumer, in order for each entity
//! * [`teller`]: how a mail and a webhook are told; [`payload`]: what a webhook says
//! * [`backoff`]: when a delivery is tried again
//! * [`lines`]: one dispatcher for each endpoint that is enabled
//! * [`keeper`]: forgets what is long settled, and counts what is not
//! * [`endpoints`]: where webhooks go; [`view`]: what staff see

pub mod backoff;
mod dispatcher;
pub mod endpoints;
mod keeper;
mod lines;
pub mod payload;
mod relay;
pub mod service;
pub mod settings;
mod teller;
pub mod view;
