//! An order as its journal tells it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::id::{CartId, OrderId, PaymentId, ProductId, VariantId};
use crate::money::{Currency, Money};
use crate::personal::Personal;
use crate::pricing::totals::Totals;
use crate::product::command::Shortage;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub title: String,
    pub quantity: u32,
    /// Minor units.
    pub unit_price: i64,
    pub total: i64,
}

/// All that is fixed when an order is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    pub id: OrderId,
    /// What people call it. Unique, never reused, gaps allowed.
    pub number: u64,
    pub cart_id: CartId,
    pub owner: Option<String>,
    pub payment_id: PaymentId,
    /// Opens the order for whoever has it: a guest's way back.
    pub access_key: String,
    pub email: Personal<String>,
    pub shipping_address: Address,
    pub shipping_option_id: String,
    pub lines: Vec<OrderLine>,
    pub currency: Currency,
    pub totals: Totals,
    pub placed_at: Timestamp,
    pub hold_expires_at: Timestamp,
    /// How long the holds wait for a payment that is neither captured nor voided at `hold_expires_at`.
    pub payment_grace: Duration,
}

/// Where the order stands in its life; `process` says what comes next.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Not placed yet.
    #[default]
    Unplaced,
    Placed,
    StockHeld,
    AwaitingPayment,
    Paid,
    /// Sold; the cart is yet to be told.
    Sold,
    /// It will end without a sale: payment to be voided.
    Voiding,
    /// Voided, or nothing to void: stock to be given back.
    Releasing,
    /// Stock is back; the cart is yet to be told.
    Released,
    /// Nothing is left to do.
    Settled,
}

/// Why an order ends without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    OutOfStock(Vec<Shortage>),
    Cancelled,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    AwaitingPayment,
    Confirmed,
    Cancelled,
    Expired,
    /// Never took hold of its stock.
    OutOfStock,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub placement: Option<Placement>,
    pub stage: Stage,
    pub ending: Option<Ending>,
    /// Minor units the provider captured, and gave back, for this order.
    pub captured: i64,
    pub refunded: i64,
    pub confirmed_at: Option<Timestamp>,
}

impl Order {
    pub fn status(&self) -> OrderStatus {
        match (&self.ending, self.stage) {
            (_, Stage::Sold) => OrderStatus::Confirmed,
            (None, Stage::Settled) => OrderStatus::Confirmed,
            // While it is being wound up the buyer may still turn out to have paid.
            (_, Stage::Voiding) | (None, _) => OrderStatus::AwaitingPayment,
            (Some(Ending::OutOfStock(_)), _) => OrderStatus::OutOfStock,
            (Some(Ending::Cancelled), _) => OrderStatus::Cancelled,
            (Some(Ending::Expired), _) => OrderStatus::Expired,
        }
    }

    pub fn total(&self) -> Option<Money> {
        self.placement.as_ref().map(|placement| Money::new(placement.totals.total, placement.currency))
    }

    /// The products it takes from, each once, in a fixed order.
    pub fn products(&self) -> Vec<ProductId> {
        let lines = self.placement.iter().flat_map(|placement| &placement.lines);
        let mut products: Vec<_> = lines.map(|line| line.product_id).collect();
        products.sort_unstable();
        products.dedup();
        products
    }

    /// Whether the buyer can be told how the placing went: it waits for money, or has come to an end.
    pub fn is_placed(&self) -> bool {
        match self.stage {
            Stage::Unplaced | Stage::Placed | Stage::StockHeld => false,
            Stage::AwaitingPayment | Stage::Paid | Stage::Sold | Stage::Settled => true,
            Stage::Voiding | Stage::Releasing | Stage::Released => !matches!(self.ending, Some(Ending::OutOfStock(_))),
        }
    }

    /// Whether nothing will change any more, money that comes too late apart.
    pub fn is_settled(&self) -> bool {
        self.stage == Stage::Settled
    }
}
