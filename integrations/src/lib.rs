//! The world outside.
//!
//! * [`description`]: makes a description's HTML safe to show
//! * [`payments`]: what Souk asks of a payment provider, and a provider to try it with
//! * [`shopify_csv`]: reads the product files that Shopify exports
#![forbid(unsafe_code)]

pub mod description;
pub mod payments;
pub mod shopify_csv;
