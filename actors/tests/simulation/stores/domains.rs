//! The queries of each domain.

use async_trait::async_trait;
use souk_domain::id::{DiscountId, OrderId, ProductId, VariantId};
use souk_persistence::error::StoreError;
use souk_persistence::rows::{DiscountClaimRow, HoldRow, OrderRow, PaymentRow, ProductRow, VariantRow};
use souk_persistence::stores::{
    AccountStore, ChatStore, GuestRecord, OrderStore, PaymentStore, PersonalData, Position, ProductStore,
    SigningKeyRecord,
};

use super::MemoryStore;

const FIRST_ORDER_NUMBER: u64 = 1_001;

#[async_trait]
impl ProductStore for MemoryStore {
    async fn product(&self, id: ProductId) -> Result<Option<ProductRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().products.get(&id).map(|(_, row)| row.clone()))
    }

    async fn product_by_handle(&self, handle: &str) -> Result<Option<ProductRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().products.values().map(|(_, row)| row).find(|row| row.handle == handle).cloned())
    }

    async fn variant(&self, id: VariantId) -> Result<Option<VariantRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().variants.get(&id).cloned())
    }

    async fn variant_by_sku(&self, sku: &str) -> Result<Option<VariantRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().variants.values().find(|row| row.sku.as_deref() == Some(sku)).cloned())
    }

    async fn hold(&self, product: ProductId, order: OrderId) -> Result<Option<HoldRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().holds.get(&(product, order)).cloned())
    }

    async fn products_changed_since(
        &self,
        position: Position,
        limit: usize,
    ) -> Result<Vec<(Position, ProductRow)>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let mut changed: Vec<_> = books.products.values().filter(|(at, _)| *at > position).cloned().collect();
        changed.sort_by_key(|(at, _)| *at);
        changed.truncate(limit);
        Ok(changed)
    }

    async fn count_products(&self) -> Result<u64, StoreError> {
        self.reading().await?;
        Ok(self.books().products.len() as u64)
    }

    async fn reserve_handle(&self, handle: &str, candidate: ProductId) -> Result<ProductId, StoreError> {
        let owner = *self.books().handles.entry(handle.to_owned()).or_insert(candidate);
        // The answer may be lost although the handle is taken.
        self.reading().await?;
        Ok(owner)
    }
}

#[async_trait]
impl OrderStore for MemoryStore {
    async fn order(&self, id: OrderId) -> Result<Option<OrderRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().orders.get(&id).cloned())
    }

    async fn discount_claim(
        &self,
        discount: DiscountId,
        order: OrderId,
    ) -> Result<Option<DiscountClaimRow>, StoreError> {
        self.reading().await?;
        Ok(self.books().claims.get(&(discount, order)).copied())
    }

    async fn take_order_numbers(&self, count: u32) -> Result<u64, StoreError> {
        let first = {
            let mut books = self.books();
            let first = FIRST_ORDER_NUMBER + books.numbers_taken;
            books.numbers_taken += u64::from(count);
            first
        };
        self.reading().await?;
        Ok(first)
    }
}

#[async_trait]
impl PaymentStore for MemoryStore {
    async fn payment_by_provider_ref(&self, provider_ref: &str) -> Result<Option<PaymentRow>, StoreError> {
        self.reading().await?;
        let books = self.books();
        Ok(books.payments.values().find(|row| row.provider_ref.as_deref() == Some(provider_ref)).cloned())
    }
}

impl ChatStore for MemoryStore {}

#[async_trait]
impl PersonalData for MemoryStore {
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError> {
        let erased = self.books().erase(person);
        self.reading().await?;
        Ok(u64::from(erased > 0))
    }
}

#[async_trait]
impl AccountStore for MemoryStore {
    async fn insert_guest(&self, guest: GuestRecord) -> Result<(), StoreError> {
        self.books().guests.entry(guest.id.clone()).or_insert(guest);
        self.reading().await
    }

    async fn guest(&self, id: &str) -> Result<Option<GuestRecord>, StoreError> {
        self.reading().await?;
        Ok(self.books().guests.get(id).cloned())
    }

    async fn delete_guest(&self, id: &str) -> Result<bool, StoreError> {
        let deleted = self.books().guests.remove(id).is_some();
        self.reading().await?;
        Ok(deleted)
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        self.reading().await?;
        let mut keys = self.books().keys.clone();
        keys.sort_by(|a, b| (b.created_at, &b.kid).cmp(&(a.created_at, &a.kid)));
        Ok(keys)
    }

    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError> {
        {
            let mut books = self.books();
            if books.keys.iter().all(|known| known.kid != key.kid) {
                books.keys.push(key);
            }
        }
        self.reading().await
    }
}
