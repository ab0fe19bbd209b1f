//! The queries of each domain.

use std::cmp::Reverse;

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DiscountId, OrderId, ProductId, RoomId, VariantId};
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::rows::{
    DiscountClaimRow, HoldRow, InboxRow, OrderRow, PaymentRow, ProductRow, RoomRow, VariantRow,
};
use souk_persistence::stores::{ChatStore, OrderStore, PaymentStore, PersonalData, Position, ProductStore};

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

    async fn orders_of(
        &self,
        owner: &str,
        before: Option<(Timestamp, OrderId)>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let place = |order: &OrderRow| (order.placed_at, order.id);
        let theirs = books.orders.values().filter(|order| order.owner.as_deref() == Some(owner));
        let mut orders: Vec<_> = theirs.filter(|order| before.is_none_or(|at| place(order) < at)).cloned().collect();
        orders.sort_by_key(|order| Reverse(place(order)));
        orders.truncate(limit);
        Ok(orders)
    }

    async fn unclaimed_orders(&self, email_digest: &[u8; 32], limit: usize) -> Result<Vec<OrderRow>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let free = |order: &&OrderRow| !order.owner.as_deref().is_some_and(|owner| owner.starts_with("acct"));
        let orders = books.orders.values().filter(|order| order.email_digest.as_ref() == Some(email_digest));
        Ok(orders.filter(free).take(limit).cloned().collect())
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

#[async_trait]
impl ChatStore for MemoryStore {
    async fn rooms_of(
        &self,
        member: &str,
        before: Option<(Timestamp, RoomId)>,
        limit: usize,
    ) -> Result<Vec<InboxRow>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let place = |room: &RoomRow| (room.at, room.id.to_string());
        let before = before.map(|(at, id)| (at, id.to_string()));
        let theirs = books.rooms.values().filter(|room| room.members.contains(member));
        let mut rooms: Vec<_> = theirs.filter(|room| before.as_ref().is_none_or(|at| place(room) < *at)).collect();
        rooms.sort_by_key(|room| Reverse(place(room)));
        let read = |room: &RoomRow| books.reads.get(&(member.to_owned(), room.id)).copied().unwrap_or(0);
        Ok(rooms.into_iter().take(limit).map(|room| InboxRow { room: room.clone(), read: read(room) }).collect())
    }

    async fn mark_read(&self, room: RoomId, member: &str, seq: Seq) -> Result<(), StoreError> {
        {
            let mut books = self.books();
            let read = books.reads.entry((member.to_owned(), room)).or_default();
            *read = seq.max(*read);
        }
        self.reading().await
    }
}

#[async_trait]
impl PersonalData for MemoryStore {
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError> {
        let erased = self.books().erase(person);
        self.reading().await?;
        Ok(u64::from(erased > 0))
    }

    /// It remembers none.
    fn forget_person(&self, _person: &str) {}
}
