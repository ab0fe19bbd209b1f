//! What the store's pages say about the shop.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorefrontConfig {
    /// Days in which a buyer may send something back. 0: nothing is said about it.
    pub returns_days: u16,
}

/// What the edge tells buyers' browsers about the shop. Not read from a section of its own: it follows from
/// `public_url`, `mail.shop_name`, `payments` and `stripe`.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub name: String,
    /// Where buyers reach the shop, without a slash at the end.
    pub public_url: String,
    pub provider: PaidWith,
}

/// Whose fields a buyer pays with: what the pages may load depends on it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum PaidWith {
    #[default]
    Sandbox,
    /// With Stripe's key for browsers.
    Stripe { publishable_key: String },
}

impl Default for StorefrontConfig {
    fn default() -> Self {
        Self { returns_days: 30 }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self { name: "Souk".to_owned(), public_url: "http://127.0.0.1:8080".to_owned(), provider: PaidWith::Sandbox }
    }
}
