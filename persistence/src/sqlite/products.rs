//! What the catalogue asks.

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use souk_domain::id::{OrderId, ProductId, VariantId};
use sqlx::FromRow;

use super::domains::Products;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::rows::{HoldRow, HoldState, ProductRow, VariantRow};
use crate::sql::records::parse;
use crate::sql::rows::hold_state;
use crate::stores::{Position, ProductStore};

#[derive(FromRow)]
struct StoredProduct {
    id: String,
    seq: i64,
    handle: String,
    view: String,
    changed: Position,
}

impl StoredProduct {
    fn decode(self) -> Result<(Position, ProductRow), StoreError> {
        let Self { id, seq, handle, view, changed } = self;
        let row = ProductRow { id: parse(&id)?, seq: seq.cast_unsigned(), handle, view: from_json(&view)? };
        Ok((changed, row))
    }
}

#[derive(FromRow)]
struct StoredVariant {
    id: String,
    product_id: String,
    sku: Option<String>,
}

impl StoredVariant {
    fn decode(self) -> Result<VariantRow, StoreError> {
        let Self { id, product_id, sku } = self;
        Ok(VariantRow { id: parse(&id)?, product_id: parse(&product_id)?, sku })
    }
}

#[async_trait]
impl ProductStore for SqliteStore<Products> {
    async fn product(&self, id: ProductId) -> Result<Option<ProductRow>, StoreError> {
        let query = sqlx::query_as("select * from product_rows where id = ?1").bind(id.to_string());
        let row: Option<StoredProduct> = self.database.optional(query).await?;
        Ok(row.map(StoredProduct::decode).transpose()?.map(|(_, row)| row))
    }

    async fn product_by_handle(&self, handle: &str) -> Result<Option<ProductRow>, StoreError> {
        // A handle that went from one product to another is the newer one's.
        let query =
            sqlx::query_as("select * from product_rows where handle = ?1 order by changed desc limit 1").bind(handle);
        let row: Option<StoredProduct> = self.database.optional(query).await?;
        Ok(row.map(StoredProduct::decode).transpose()?.map(|(_, row)| row))
    }

    async fn variant(&self, id: VariantId) -> Result<Option<VariantRow>, StoreError> {
        let query = sqlx::query_as("select * from variant_rows where id = ?1").bind(id.to_string());
        let row: Option<StoredVariant> = self.database.optional(query).await?;
        row.map(StoredVariant::decode).transpose()
    }

    async fn variant_by_sku(&self, sku: &str) -> Result<Option<VariantRow>, StoreError> {
        let query = sqlx::query_as("select * from variant_rows where sku = ?1 order by id limit 1").bind(sku);
        let row: Option<StoredVariant> = self.database.optional(query).await?;
        row.map(StoredVariant::decode).transpose()
    }

    async fn hold(&self, product: ProductId, order: OrderId) -> Result<Option<HoldRow>, StoreError> {
        let query = sqlx::query_as("select state, lines from hold_rows where product_id = ?1 and order_id = ?2")
            .bind(product.to_string())
            .bind(order.to_string());
        let row: Option<(String, String)> = self.database.optional(query).await?;
        let Some((state, lines)) = row else { return Ok(None) };
        let states = [HoldState::Held, HoldState::Sold, HoldState::Released];
        let state = states.into_iter().find(|known| hold_state(*known) == state);
        let state = state.ok_or_else(|| StoreError::Damaged(format!("the hold of {order} has an unknown state")))?;
        Ok(Some(HoldRow { product_id: product, order_id: order, state, lines: from_json(&lines)? }))
    }

    async fn products_changed_since(
        &self,
        position: Position,
        limit: usize,
    ) -> Result<Vec<(Position, ProductRow)>, StoreError> {
        let query = sqlx::query_as("select * from product_rows where changed > ?1 order by changed limit ?2")
            .bind(position)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<StoredProduct> = self.database.all(query).await?;
        rows.into_iter().map(StoredProduct::decode).collect()
    }

    async fn count_products(&self) -> Result<u64, StoreError> {
        let count: Option<(i64,)> = self.database.optional(sqlx::query_as("select count(*) from product_rows")).await?;
        Ok(count.map_or(0, |(count,)| count.cast_unsigned()))
    }

    async fn reserve_handle(&self, handle: &str, candidate: ProductId) -> Result<ProductId, StoreError> {
        let handle = handle.to_owned();
        let write = self.database.write(move |connection| {
            let query = sqlx::query_scalar(
                // An update that changes nothing, so that the row comes back whoever has it.
                "insert into handles (handle, product_id) values (?1, ?2)
                 on conflict (handle) do update set product_id = product_id returning product_id",
            )
            .bind(handle.clone())
            .bind(candidate.to_string());
            Box::pin(query.fetch_one(connection))
        });
        let owner: String = write.await?;
        parse(&owner)
    }
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("a row does not read back: {error}")))
}
