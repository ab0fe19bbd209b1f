//! The codec of `/ws`: subprotocol `souk.v1`, JSON in text frames (RFC 6455).
//!
//! * [`upgrade`]: from the request to the socket
//! * [`socket`]: one socket, from its first frame to its last
//! * `listener`, `speaker`: what comes in, what goes out
//! * [`messages`]: frames put together into messages
//! * [`requests`], [`replies`]: what is in them

mod listener;
pub mod messages;
pub mod replies;
pub mod requests;
pub mod socket;
mod speaker;
#[cfg(test)]
mod tests;
pub mod upgrade;
