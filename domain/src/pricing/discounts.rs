//! The shop's discounts, as the config has them.

use serde::{Deserialize, Serialize};

use super::basket::Line;
use crate::address::is_country;
use crate::money::MAX_AMOUNT;
use crate::time::Timestamp;

/// Discounts a shop may have at once: bounds what pricing a cart costs.
pub const MAX_DISCOUNTS: usize = 200;
pub const MAX_CODE_CHARS: usize = 64;
const WHOLE_PPM: u32 = 1_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discount {
    /// Names it for good: its uses are counted under this id.
    pub id: String,
    /// What buyers read.
    pub title: String,
    /// None: it applies by itself. Upper and lower case are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The whole cart's lines before any discount must reach this, in minor units.
    #[serde(default)]
    pub minimum_subtotal: i64,
    /// ISO 3166-1 alpha-2 of the shipping address; empty: everywhere.
    #[serde(default)]
    pub countries: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Timestamp>,
    /// From this moment on it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    /// Whether it goes together with other combinable ones. One that does not is alone.
    #[serde(default)]
    pub combinable: bool,
    /// Orders that may use it, in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Orders of one customer that may use it: an account, or an email address of those without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_per_customer: Option<u32>,
    #[serde(default)]
    pub scope: Scope,
    pub effect: Effect,
}

/// Which lines it is about. A discount that no line of a cart is about does not apply to it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    All,
    /// Handles.
    Products(Vec<String>),
    Categories(Vec<String>),
    Vendors(Vec<String>),
}

/// What it takes off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// A part of the lines in scope, in millionths: 100_000 is 10 %.
    Percentage { rate_ppm: u32 },
    /// Minor units off the lines in scope, at most what they cost.
    Amount { amount: i64 },
    /// All of what shipping costs.
    FreeShipping,
    /// Of each `buy + get` units in scope, `get` are cheaper by a part in millionths: the cheapest ones.
    BuyXGetY {
        buy: u32,
        get: u32,
        #[serde(default = "free")]
        rate_ppm: u32,
    },
}

fn free() -> u32 {
    WHOLE_PPM
}

impl Discount {
    pub fn has_code(&self, code: &str) -> bool {
        self.code.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }

    /// Whether its uses are counted, so that an order has to claim one.
    pub fn is_limited(&self) -> bool {
        self.limit.is_some() || self.limit_per_customer.is_some()
    }

    /// # Errors
    /// A sentence that names the key and its fault.
    fn validate(&self) -> Result<(), String> {
        let fault = |key: &str, what: &str| Err(format!("discount {:?}: {key} {what}", self.id));
        let Self {
            id, title, code, minimum_subtotal, countries, starts_at, ends_at, limit, limit_per_customer, ..
        } = self;
        if id.is_empty() || id.len() > 64 {
            return fault("id", "must have 1 to 64 characters");
        }
        if title.trim().is_empty() || title.len() > 200 {
            return fault("title", "must have 1 to 200 characters");
        }
        if let Some(code) = code
            && (code.is_empty() || code.len() > MAX_CODE_CHARS || !code.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return fault("code", "must have 1 to 64 visible ASCII characters and no blanks");
        }
        if !(0..=MAX_AMOUNT).contains(minimum_subtotal) {
            return fault("minimum_subtotal", "must not be negative or huge");
        }
        if let Some(bad) = countries.iter().find(|country| !is_country(country)) {
            return fault("countries", &format!("{bad:?} is no country code of ISO 3166-1 alpha-2"));
        }
        if let (Some(start), Some(end)) = (starts_at, ends_at)
            && start >= end
        {
            return fault("ends_at", "must be after starts_at");
        }
        if *limit == Some(0) {
            return fault("limit", "must be at least 1");
        }
        if *limit_per_customer == Some(0) {
            return fault("limit_per_customer", "must be at least 1");
        }
        // A buyer takes a code off the cart once it is used up; one that applies by itself would bar every order.
        if self.is_limited() && code.is_none() {
            return fault("limit", "needs a code");
        }
        if self.scope.is_empty() {
            return fault("scope", "names nothing");
        }
        self.effect.validate().map_err(|what| format!("discount {id:?}: effect.{what}"))
    }
}

impl Effect {
    fn validate(&self) -> Result<(), String> {
        let is_rate = |rate: u32| (1..=WHOLE_PPM).contains(&rate);
        match self {
            Self::Percentage { rate_ppm } | Self::BuyXGetY { rate_ppm, .. } if !is_rate(*rate_ppm) => {
                Err("rate_ppm must be 1 to 1000000 (100 %)".into())
            }
            Self::Amount { amount } if !(1..=MAX_AMOUNT).contains(amount) => {
                Err("amount must be at least 1 and not huge".into())
            }
            Self::BuyXGetY { buy, .. } if !(1..=1_000).contains(buy) => Err("buy must be 1 to 1000".into()),
            Self::BuyXGetY { get, .. } if !(1..=1_000).contains(get) => Err("get must be 1 to 1000".into()),
            Self::Percentage { .. } | Self::Amount { .. } | Self::FreeShipping | Self::BuyXGetY { .. } => Ok(()),
        }
    }
}

impl Scope {
    pub fn has(&self, line: &Line<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Products(handles) => handles.iter().any(|handle| handle == line.handle),
            Self::Categories(names) => names.iter().any(|name| line.categories.contains(name)),
            Self::Vendors(names) => names.iter().any(|name| name == line.vendor),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::All => false,
            Self::Products(names) | Self::Categories(names) | Self::Vendors(names) => names.is_empty(),
        }
    }
}

/// Checks what the types cannot.
///
/// # Errors
/// A sentence that names the discount, the key and its fault.
pub fn validate(discounts: &[Discount]) -> Result<(), String> {
    if discounts.len() > MAX_DISCOUNTS {
        return Err(format!("discounts: at most {MAX_DISCOUNTS}"));
    }
    for (index, discount) in discounts.iter().enumerate() {
        discount.validate()?;
        let before = &discounts[..index];
        if before.iter().any(|other| other.id == discount.id) {
            return Err(format!("discount {:?}: id is there twice", discount.id));
        }
        if let Some(code) = &discount.code
            && before.iter().any(|other| other.has_code(code))
        {
            return Err(format!("discount {:?}: code {code:?} is another one's too", discount.id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discount(change: serde_json::Value) -> Vec<Discount> {
        let mut text = serde_json::json!({
            "id": "ten", "title": "Ten", "code": "TEN", "effect": { "kind": "percentage", "rate_ppm": 100_000 },
        });
        for (key, value) in change.as_object().unwrap() {
            text[key] = value.clone();
        }
        vec![serde_json::from_value(text).unwrap()]
    }

    #[test]
    fn a_complaint_names_the_discount_and_the_key() {
        use serde_json::json;
        assert_eq!(validate(&discount(json!({}))), Ok(()));
        for (key, change) in [
            ("id", json!({ "id": "" })),
            ("title", json!({ "title": " " })),
            ("code", json!({ "code": "TEN OFF" })),
            ("minimum_subtotal", json!({ "minimum_subtotal": -1 })),
            ("countries", json!({ "countries": ["XX"] })),
            ("ends_at", json!({ "starts_at": "2026-02-01T00:00:00Z", "ends_at": "2026-01-01T00:00:00Z" })),
            ("limit", json!({ "limit": 0 })),
            ("limit", json!({ "limit": 5, "code": null })),
            ("limit_per_customer", json!({ "limit_per_customer": 0 })),
            ("scope", json!({ "scope": { "vendors": [] } })),
            ("effect.rate_ppm", json!({ "effect": { "kind": "percentage", "rate_ppm": 1_000_001 } })),
            ("effect.amount", json!({ "effect": { "kind": "amount", "amount": 0 } })),
            ("effect.get", json!({ "effect": { "kind": "buy_x_get_y", "buy": 1, "get": 0 } })),
        ] {
            let complaint = validate(&discount(change)).unwrap_err();
            assert!(complaint.contains(&format!(": {key} ")), "{key}: {complaint}");
        }
        let twice = [discount(json!({})), discount(json!({ "id": "other", "code": "ten" }))].concat();
        assert!(validate(&twice).unwrap_err().contains("code \"ten\""));
    }
}
