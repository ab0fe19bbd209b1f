//! An order as its journal tells it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::refund::Refund;
use crate::address::Address;
use crate::discount::command::ClaimRequest;
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
    /// Quantity times price, before discount and tax.
    pub total: i64,
    #[serde(default)]
    pub discount: i64,
    /// On what is left after the discount.
    #[serde(default)]
    pub tax: i64,
}

/// A discount of an order, with what it takes off in all; `shipping` is the part of it off shipping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDiscount {
    /// Its id in the config.
    pub id: String,
    #[serde(default)]
    pub code: Option<String>,
    pub title: String,
    /// Minor units.
    pub amount: i64,
    #[serde(default)]
    pub shipping: i64,
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
    #[serde(default)]
    pub discounts: Vec<OrderDiscount>,
    /// None: an order from before the parts of its tax were kept.
    #[serde(default)]
    pub shipping_tax: Option<i64>,
    /// The uses of limited discounts it needs.
    #[serde(default)]
    pub claims: Vec<ClaimRequest>,
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
    /// The codes that had no use left.
    DiscountUsedUp(Vec<String>),
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
    /// Had a discount without a use left.
    DiscountUsedUp,
    /// Confirmed once, and all of its money went back.
    Refunded,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub placement: Option<Placement>,
    pub stage: Stage,
    pub ending: Option<Ending>,
    /// Minor units the provider captured, and gave back, for this order.
    pub captured: i64,
    pub refunded: i64,
    /// What was asked to be given back, oldest first.
    pub refunds: Vec<Refund>,
    pub confirmed_at: Option<Timestamp>,
}

impl Placement {
    /// Discounts and tax are the sums of their parts, and nothing takes off more than there is.
    pub(super) fn check_parts(&self) -> Result<(), String> {
        let Totals { discount, shipping, tax, .. } = self.totals;
        let sum = |part: fn(&OrderLine) -> i64| self.lines.iter().map(part).sum::<i64>();
        let off_shipping: i64 = self.discounts.iter().map(|applied| applied.shipping).sum();
        let (by_lines, by_discounts) = (
            sum(|line| line.discount) + off_shipping,
            self.discounts.iter().map(|applied| applied.amount).sum::<i64>(),
        );
        if discount != by_lines || discount != by_discounts {
            return Err(format!("discount {discount}, of lines and shipping {by_lines}, of discounts {by_discounts}"));
        }
        let too_much = |line: &&OrderLine| !(0..=line.total).contains(&line.discount) || line.tax < 0;
        if let Some(line) = self.lines.iter().find(too_much) {
            return Err(format!(
                "line {}: discount {} and tax {} of {}",
                line.variant_id, line.discount, line.tax, line.total
            ));
        }
        if off_shipping > shipping {
            return Err(format!("discounts take {off_shipping} off shipping of {shipping}"));
        }
        match self.shipping_tax {
            Some(of_shipping) if sum(|line| line.tax) + of_shipping != tax => {
                Err(format!("tax {tax} is not that of the lines and {of_shipping} of shipping"))
            }
            _ => Ok(()),
        }
    }
}

impl Order {
    pub fn status(&self) -> OrderStatus {
        match (&self.ending, self.stage) {
            (_, Stage::Sold) => OrderStatus::Confirmed,
            (None, Stage::Settled) if self.captured > 0 && self.refunded >= self.captured => OrderStatus::Refunded,
            (None, Stage::Settled) => OrderStatus::Confirmed,
            // While it is being wound up the buyer may still turn out to have paid.
            (_, Stage::Voiding) | (None, _) => OrderStatus::AwaitingPayment,
            (Some(Ending::OutOfStock(_)), _) => OrderStatus::OutOfStock,
            (Some(Ending::DiscountUsedUp(_)), _) => OrderStatus::DiscountUsedUp,
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
            Stage::Voiding | Stage::Releasing | Stage::Released => {
                !matches!(self.ending, Some(Ending::OutOfStock(_) | Ending::DiscountUsedUp(_)))
            }
        }
    }

    /// Whether nothing will change any more, money that comes too late apart.
    pub fn is_settled(&self) -> bool {
        self.stage == Stage::Settled
    }
}
