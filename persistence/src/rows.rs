//! Read models: rows that a commit writes in its own transaction. Each replaces the row with its key.
//! They are derived from the journals and can always be built again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use souk_domain::aggregate::Seq;
use souk_domain::id::{CartId, DiscountId, OrderId, PaymentId, ProductId, RoomId, VariantId};
use souk_domain::product::state::HeldLine;
use souk_domain::product::view::ProductView;
use souk_domain::time::Timestamp;

/// A row of a read model, with the table it belongs to.
#[derive(Debug, Clone)]
pub enum Row {
    Product(Box<ProductRow>),
    Variant(VariantRow),
    Hold(HoldRow),
    Order(Box<OrderRow>),
    DiscountClaim(DiscountClaimRow),
    Payment(PaymentRow),
    Room(RoomRow),
}

/// Key: `id`. The adapter adds `changed`, a position that grows with every commit of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProductRow {
    pub id: ProductId,
    pub seq: Seq,
    pub handle: String,
    pub view: ProductView,
}

/// Key: `id`. Which product a variant belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantRow {
    pub id: VariantId,
    pub product_id: ProductId,
    pub sku: Option<String>,
}

/// Key: `product_id` and `order_id`. Answers for a hold that the product no longer keeps in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRow {
    pub product_id: ProductId,
    pub order_id: OrderId,
    pub state: HoldState,
    pub lines: Vec<HeldLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldState {
    Held,
    Sold,
    Released,
}

/// Key: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    pub id: OrderId,
    pub seq: Seq,
    pub number: u64,
    pub cart_id: CartId,
    /// The account or guest id that placed it, where it was not anonymous.
    pub owner: Option<String>,
    pub payment_id: Option<PaymentId>,
    pub status: String,
    /// Minor units.
    pub total: i64,
    pub currency: String,
    /// Units; none: placed before they were counted here.
    pub items_count: Option<u32>,
    /// A keyed digest of the buyer's normalised address; none once it is erased.
    pub email_digest: Option<[u8; 32]>,
    pub placed_at: Timestamp,
}

/// Key: `discount_id` and `order_id`. Answers for a claim that the discount no longer keeps in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscountClaimRow {
    pub discount_id: DiscountId,
    pub order_id: OrderId,
    pub state: ClaimState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    Claimed,
    Redeemed,
    Released,
}

/// Key: `id`. Amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    pub id: PaymentId,
    pub seq: Seq,
    pub order_id: OrderId,
    pub status: String,
    pub amount: i64,
    pub captured: i64,
    pub refunded: i64,
    pub currency: String,
    /// The provider's own name for it, by which webhooks find it.
    pub provider_ref: Option<String>,
}

/// Key: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRow {
    pub id: RoomId,
    pub seq: Seq,
    pub kind: String,
    pub subject_id: Option<String>,
    /// Ids of the members where the room is not public.
    pub members: BTreeSet<String>,
    /// The time of the newest event.
    pub at: Timestamp,
}

/// A room as one of its members finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    pub room: RoomRow,
    /// How far the member has read.
    pub read: Seq,
}
