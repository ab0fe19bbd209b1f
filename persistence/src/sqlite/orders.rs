//! What is asked about orders, and the counter of their numbers.

use async_trait::async_trait;
use souk_domain::id::{DiscountId, OrderId};
use souk_domain::time::Timestamp;

use super::domains::Orders;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::rows::{DiscountClaimRow, OrderRow};
use crate::sql::records::{self, StoredOrder};
use crate::stores::OrderStore;

#[async_trait]
impl OrderStore for SqliteStore<Orders> {
    async fn order(&self, id: OrderId) -> Result<Option<OrderRow>, StoreError> {
        let query = sqlx::query_as("select * from order_rows where id = ?1").bind(id.to_string());
        let row: Option<StoredOrder> = self.database.optional(query).await?;
        row.map(StoredOrder::decode).transpose()
    }

    async fn orders_of(
        &self,
        owner: &str,
        before: Option<(Timestamp, OrderId)>,
        limit: usize,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.as_millis(), id.to_string()));
        let query = sqlx::query_as(
            "select * from order_rows where owner = ?1 and (placed_at, id) < (?2, ?3)
             order by placed_at desc, id desc limit ?4",
        );
        let query = query.bind(owner.to_owned()).bind(at).bind(id).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<StoredOrder> = self.database.all(query).await?;
        rows.into_iter().map(StoredOrder::decode).collect()
    }

    async fn unclaimed_orders(&self, email_digest: &[u8; 32], limit: usize) -> Result<Vec<OrderRow>, StoreError> {
        let query = sqlx::query_as(
            "select * from order_rows where email_digest = ?1 and coalesce(owner, '') not like 'acct%'
             order by id limit ?2",
        );
        let query = query.bind(email_digest.to_vec()).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<StoredOrder> = self.database.all(query).await?;
        rows.into_iter().map(StoredOrder::decode).collect()
    }

    async fn discount_claim(
        &self,
        discount: DiscountId,
        order: OrderId,
    ) -> Result<Option<DiscountClaimRow>, StoreError> {
        let query = sqlx::query_as("select state from discount_claim_rows where discount_id = ?1 and order_id = ?2")
            .bind(discount.to_string())
            .bind(order.to_string());
        let row: Option<(String,)> = self.database.optional(query).await?;
        row.map(|(state,)| records::discount_claim(discount, order, &state)).transpose()
    }

    async fn take_order_numbers(&self, count: u32) -> Result<u64, StoreError> {
        let write = self.database.write(move |connection| {
            let query = sqlx::query_scalar("update order_numbers set next = next + ?1 returning next - ?1").bind(count);
            Box::pin(query.fetch_one(connection))
        });
        let first: i64 = write.await?;
        Ok(first.cast_unsigned())
    }
}
