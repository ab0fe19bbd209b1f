//! The world outside.
//!
//! * [`description`]: makes a description's HTML safe to show
//! * [`mail`]: what buyers are told by mail
//! * [`payments`]: what Souk asks of a payment provider, and a provider to try it with
//! * [`shopify_csv`]: reads the product files that Shopify exports
//! * [`webhooks`]: what other programs are told over HTTP
#![forbid(unsafe_code)]

pub mod accounts_csv;
pub mod description;
pub mod mail;
pub mod payments;
pub mod shopify_csv;
pub mod webhooks;
