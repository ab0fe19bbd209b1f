//! A cart as its journal tells it.

use serde::{Deserialize, Serialize};

use super::command::CartRefusal;
use crate::address::Address;
use crate::id::{CartId, OrderId, ProductId, VariantId};
use crate::money::Currency;
use crate::personal::Personal;
use crate::pricing::rules::PriceRules;
use crate::pricing::totals::{PricedLine, Totals, totals};

pub const MAX_LINES: usize = 500;
pub const MAX_QUANTITY: u32 = 999;
/// How many idempotency keys a cart remembers. A buyer takes a new one after each final answer, so
/// older ones are those of tabs long closed.
pub const MAX_KEYS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CartStatus {
    Open,
    /// An order of it is on its way: nothing can be changed.
    InCheckout,
    /// Its order is paid. A new purchase takes a new cart.
    Completed,
}

/// What was put in, at the price that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub title: String,
    pub quantity: u32,
    /// Minor units.
    pub unit_price: i64,
}

/// What an idempotency key of this cart led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    pub key: String,
    /// A digest of the request that came with the key.
    pub fingerprint: String,
    pub outcome: KeyOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyOutcome {
    /// The order has the answer.
    Order(OrderId),
    Refused(CartRefusal),
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// None: not created yet.
    pub id: Option<CartId>,
    pub owner: Option<String>,
    pub currency: Option<Currency>,
    pub lines: Vec<CartLine>,
    pub email: Option<Personal<String>>,
    pub shipping_address: Option<Address>,
    pub shipping_option_id: Option<String>,
    /// The order that is open, or the one that completed the cart.
    pub order: Option<OrderId>,
    /// The order that is yet to be placed: what the cart's process does next.
    pub order_to_place: Option<OrderId>,
    pub completed: bool,
    pub keys: Vec<KeyRecord>,
    /// Counts the changes.
    pub version: u64,
}

impl Cart {
    pub fn status(&self) -> CartStatus {
        match (self.order, self.completed) {
            (_, true) => CartStatus::Completed,
            (Some(_), false) => CartStatus::InCheckout,
            (None, false) => CartStatus::Open,
        }
    }

    pub fn totals(&self, rules: &PriceRules) -> Totals {
        let line = |line: &CartLine| PricedLine { unit_price: line.unit_price, quantity: line.quantity };
        let lines: Vec<PricedLine> = self.lines.iter().map(line).collect();
        totals(&lines, self.shipping_address.as_ref(), self.shipping_option_id.as_deref(), rules)
    }

    pub fn line(&self, variant: VariantId) -> Option<&CartLine> {
        self.lines.iter().find(|line| line.variant_id == variant)
    }

    pub fn key(&self, key: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|record| record.key == key)
    }
}
