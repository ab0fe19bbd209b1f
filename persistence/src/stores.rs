//! One port for each domain: its journal, and the queries that its read models answer.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DiscountId, OrderId, ProductId, RoomId, VariantId};
use souk_domain::time::Timestamp;

pub use crate::accounts::{AccountStore, GuestRecord, SigningKeyRecord};
use crate::error::StoreError;
use crate::journal::Journal;
use crate::rows::{DiscountClaimRow, HoldRow, InboxRow, OrderRow, PaymentRow, ProductRow, VariantRow};

/// Grows with every commit of a store. Followers remember the last one they saw.
pub type Position = i64;

#[async_trait]
pub trait ProductStore: Journal {
    async fn product(&self, id: ProductId) -> Result<Option<ProductRow>, StoreError>;
    async fn product_by_handle(&self, handle: &str) -> Result<Option<ProductRow>, StoreError>;
    async fn variant(&self, id: VariantId) -> Result<Option<VariantRow>, StoreError>;
    async fn variant_by_sku(&self, sku: &str) -> Result<Option<VariantRow>, StoreError>;
    async fn hold(&self, product: ProductId, order: OrderId) -> Result<Option<HoldRow>, StoreError>;

    /// Up to `limit` products that changed after `position`, in the order of their change, each with
    /// the position of its newest change.
    async fn products_changed_since(
        &self,
        position: Position,
        limit: usize,
    ) -> Result<Vec<(Position, ProductRow)>, StoreError>;
    async fn count_products(&self) -> Result<u64, StoreError>;

    /// Gives a handle to a product, once and for all: returns the id that has it, `candidate` if it was free.
    async fn reserve_handle(&self, handle: &str, candidate: ProductId) -> Result<ProductId, StoreError>;
}

/// A store that keeps personal values, sealed with keys of the persons they belong to.
#[async_trait]
pub trait PersonalData: Send + Sync + 'static {
    /// Deletes the keys of a person: whatever was kept as theirs reads as erased from then on. Returns
    /// how many keys there were. What is written about them later gets a new key.
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError>;

    /// Somebody else has erased a person: their keys are not remembered any more. Without this they are for up to a
    /// minute.
    fn forget_person(&self, person: &str);
}

#[async_trait]
pub trait OrderStore: Journal + PersonalData {
    async fn order(&self, id: OrderId) -> Result<Option<OrderRow>, StoreError>;
    /// Newest first: those placed before `before` (or with a smaller id at the same time), up to `limit`.
    async fn orders_of(
        &self,
        owner: &str,
        before: Option<(Timestamp, OrderId)>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError>;
    /// Orders placed with an address that belong to no account, up to `limit`.
    async fn unclaimed_orders(&self, email_digest: &[u8; 32], limit: usize) -> Result<Vec<OrderRow>, StoreError>;
    async fn discount_claim(
        &self,
        discount: DiscountId,
        order: OrderId,
    ) -> Result<Option<DiscountClaimRow>, StoreError>;

    /// Takes `count` order numbers and returns the first. Never the same again; the first ever is 1001.
    async fn take_order_numbers(&self, count: u32) -> Result<u64, StoreError>;
}

#[async_trait]
pub trait PaymentStore: Journal {
    async fn payment_by_provider_ref(&self, provider_ref: &str) -> Result<Option<PaymentRow>, StoreError>;
}

#[async_trait]
pub trait ChatStore: Journal + PersonalData {
    /// The rooms of a member, the newest change first: those that changed before `before` (or have a smaller id at
    /// the same time), up to `limit`.
    async fn rooms_of(
        &self,
        member: &str,
        before: Option<(Timestamp, RoomId)>,
        limit: usize,
    ) -> Result<Vec<InboxRow>, StoreError>;
    /// Remembers how far somebody has read. It never goes back.
    async fn mark_read(&self, room: RoomId, member: &str, seq: Seq) -> Result<(), StoreError>;
}
