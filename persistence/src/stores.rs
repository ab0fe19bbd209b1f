//! One port for each domain: its journal, and the queries that its read models answer.

use async_trait::async_trait;
use souk_domain::id::{DiscountId, OrderId, ProductId, VariantId};
use souk_domain::time::Timestamp;

use crate::error::StoreError;
use crate::journal::Journal;
use crate::rows::{DiscountClaimRow, HoldRow, OrderRow, PaymentRow, ProductRow, VariantRow};

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
}

#[async_trait]
pub trait OrderStore: Journal + PersonalData {
    async fn order(&self, id: OrderId) -> Result<Option<OrderRow>, StoreError>;
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

/// Rooms need nothing beyond their journals.
pub trait ChatStore: Journal + PersonalData {}

/// An identity without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestRecord {
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
}

/// A key that signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    pub kid: String,
    /// The Ed25519 seed, 32 bytes.
    pub secret: Vec<u8>,
    pub created_at: Timestamp,
}

/// Accounts are plain records, not entities.
#[async_trait]
pub trait AccountStore: Send + Sync + 'static {
    async fn insert_guest(&self, guest: GuestRecord) -> Result<(), StoreError>;
    async fn guest(&self, id: &str) -> Result<Option<GuestRecord>, StoreError>;
    /// Forgets a guest altogether; whether there was one.
    async fn delete_guest(&self, id: &str) -> Result<bool, StoreError>;
    /// Newest first.
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError>;
    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError>;
}
