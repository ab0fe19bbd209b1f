//! Webhooks: what is sent to those who asked to be told, signed by the Standard Webhooks specification
//! (<https://github.com/standard-webhooks/standard-webhooks>).
//!
//! * [`port`]: what is asked of a sender
//! * [`secret`]: keys and signatures
//! * [`address`]: which addresses of the network may be asked
//! * [`client`]: the sender over HTTP

pub mod address;
pub mod client;
pub mod port;
pub mod secret;

pub use client::HttpWebhooks;
pub use port::{Unsent, WebhookRequest, WebhookSender};
pub use secret::Secret;
