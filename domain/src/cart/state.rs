//! A cart as its journal tells it.

use serde::{Deserialize, Serialize};

use super::command::CartRefusal;
use crate::address::Address;
use crate::id::{CartId, OrderId, ProductId, VariantId};
use crate::money::Currency;
use crate::personal::Personal;
use crate::pricing::basket::{Basket, Line};
use crate::pricing::price::{Priced, price};
use crate::pricing::rules::PriceRules;
use crate::time::Timestamp;

pub const MAX_LINES: usize = 500;
pub const MAX_QUANTITY: u32 = 999;
pub const MAX_DISCOUNT_CODES: usize = 20;
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
    /// The weight of one unit.
    #[serde(default)]
    pub grams: u32,
    /// What discounts may be limited to.
    #[serde(default)]
    pub handle: String,
    #[serde(default)]
    pub vendor: String,
    #[serde(default)]
    pub categories: Vec<String>,
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
    #[serde(default)]
    pub discount_codes: Vec<String>,
    /// When lines or codes were last changed: the buyer was shown what it cost then.
    #[serde(default)]
    pub shown_at: Option<Timestamp>,
    /// When the checkout of its order began: the order is priced by what was in force then.
    #[serde(default)]
    pub checkout_at: Option<Timestamp>,
    /// The order that is open, or the one that completed the cart.
    pub order: Option<OrderId>,
    /// The order that is yet to be placed: what the cart's process does next.
    pub order_to_place: Option<OrderId>,
    pub completed: bool,
    /// The cart that took its lines.
    pub handed_to: Option<CartId>,
    /// The carts whose lines it took, the newest last.
    pub taken_from: Vec<CartId>,
    pub keys: Vec<KeyRecord>,
    /// Counts the changes.
    pub version: u64,
}

/// Carts whose lines one cart remembers to have taken.
pub const MAX_TAKEN: usize = 50;

impl CartLine {
    fn to_price(&self) -> Line<'_> {
        let Self { variant_id, product_id: _, title: _, quantity, unit_price, grams, handle, vendor, categories } =
            self;
        Line {
            variant_id: *variant_id,
            quantity: *quantity,
            unit_price: *unit_price,
            grams: *grams,
            handle,
            vendor,
            categories,
        }
    }
}

impl Cart {
    pub fn status(&self) -> CartStatus {
        match (self.order, self.completed) {
            (_, true) => CartStatus::Completed,
            (Some(_), false) => CartStatus::InCheckout,
            (None, false) => CartStatus::Open,
        }
    }

    /// What it costs at `now`; once its order is under way, what it cost when that began.
    pub fn priced(&self, rules: &PriceRules, now: Timestamp) -> Priced {
        self.with_basket(self.checkout_at.unwrap_or(now), |basket| price(basket, rules))
    }

    /// The cart as pricing sees it.
    pub fn with_basket<T>(&self, at: Timestamp, look: impl FnOnce(&Basket<'_>) -> T) -> T {
        let lines: Vec<Line<'_>> = self.lines.iter().map(CartLine::to_price).collect();
        look(&Basket {
            lines: &lines,
            address: self.shipping_address.as_ref(),
            shipping_option_id: self.shipping_option_id.as_deref(),
            codes: &self.discount_codes,
            at,
        })
    }

    pub fn line(&self, variant: VariantId) -> Option<&CartLine> {
        self.lines.iter().find(|line| line.variant_id == variant)
    }

    pub fn key(&self, key: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|record| record.key == key)
    }
}
