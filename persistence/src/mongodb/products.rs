//! What the catalogue asks.

use std::fmt::Display;
use std::str::FromStr;

use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use serde::de::DeserializeOwned;
use souk_domain::id::{OrderId, ProductId, VariantId};

use super::documents::{damaged, hold_state, number, text};
use super::errors::code;
use super::store::{COMMITS, HANDLES, MOVED_HOLDS, MongoProductStore, PRODUCTS, Shared, VARIANTS};
use crate::error::StoreError;
use crate::rows::{HoldRow, HoldState, ProductRow, VariantRow};
use crate::stores::{Position, ProductStore};

#[async_trait]
impl ProductStore for MongoProductStore {
    async fn product(&self, id: ProductId) -> Result<Option<ProductRow>, StoreError> {
        self.caught_up().await?;
        let found = self.shared.first(PRODUCTS, doc! { "_id": id.to_string() }, doc! {}).await?;
        found.map(|row| product(&row)).transpose()
    }

    async fn product_by_handle(&self, handle: &str) -> Result<Option<ProductRow>, StoreError> {
        self.caught_up().await?;
        // A handle that went from one product to another is the newer one's.
        let found = self.shared.first(PRODUCTS, doc! { "row.handle": handle }, doc! { "changed": -1 }).await?;
        found.map(|row| product(&row)).transpose()
    }

    async fn variant(&self, id: VariantId) -> Result<Option<VariantRow>, StoreError> {
        self.caught_up().await?;
        let found = self.shared.first(VARIANTS, doc! { "_id": id.to_string() }, doc! {}).await?;
        found.map(|row| variant(&row)).transpose()
    }

    async fn variant_by_sku(&self, sku: &str) -> Result<Option<VariantRow>, StoreError> {
        self.caught_up().await?;
        let found = self.shared.first(VARIANTS, doc! { "row.sku": sku }, doc! { "_id": 1 }).await?;
        found.map(|row| variant(&row)).transpose()
    }

    /// From the newest commit that tells of the order. The commits hold it from the moment they are written, whoever
    /// wrote them, and an archived one keeps it. What came from another engine is older than all of them.
    async fn hold(&self, product: ProductId, order: OrderId) -> Result<Option<HoldRow>, StoreError> {
        let telling = doc! { "holds.order": order.to_string(), "entity": product.to_string() };
        let newest = match self.shared.first(COMMITS, telling, doc! { "first": -1 }).await? {
            Some(commit) => {
                let holds = commit.get_array("holds").map_err(|_| damaged(&commit, "holds"))?;
                let of_order = |hold: &&Document| hold.get_str("order").is_ok_and(|held| held == order.to_string());
                let newest = holds.iter().rev().filter_map(Bson::as_document).find(of_order);
                newest.cloned().ok_or_else(|| damaged(&commit, "holds"))?
            }
            None => {
                let moved = doc! { "_id": Shared::moved_hold(&product.to_string(), &order.to_string()) };
                let Some(moved) = self.shared.first(MOVED_HOLDS, moved, doc! {}).await? else { return Ok(None) };
                moved
            }
        };
        let states = [HoldState::Held, HoldState::Sold, HoldState::Released];
        let kept = text(&newest, "state")?;
        let state = states.into_iter().find(|known| hold_state(*known) == kept);
        let state = state.ok_or_else(|| StoreError::Damaged(format!("the hold of {order} has an unknown state")))?;
        Ok(Some(HoldRow { product_id: product, order_id: order, state, lines: from_json(&text(&newest, "lines")?)? }))
    }

    async fn products_changed_since(
        &self,
        position: Position,
        limit: usize,
    ) -> Result<Vec<(Position, ProductRow)>, StoreError> {
        self.caught_up().await?;
        let settled = self.shared.settled_position().await?;
        if limit == 0 {
            return Ok(Vec::new());
        }
        let between = doc! { "changed": { "$gt": position, "$lt": settled } };
        let products = self.shared.collection(PRODUCTS);
        let question =
            products.find(between).sort(doc! { "changed": 1 }).limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let found: Vec<Document> = self.shared.commands.read(async { question.await?.try_collect().await }).await?;
        found.iter().map(|row| Ok((number(row, "changed")?, product(row)?))).collect()
    }

    async fn count_products(&self) -> Result<u64, StoreError> {
        self.caught_up().await?;
        let products = self.shared.collection(PRODUCTS);
        self.shared.commands.read(async { products.count_documents(doc! {}).await }).await
    }

    async fn reserve_handle(&self, handle: &str, candidate: ProductId) -> Result<ProductId, StoreError> {
        // One that was reserved before costs a read only. An attempt of ours that was carried out without our knowing
        // is found like anybody's.
        loop {
            if let Some(owner) = self.shared.first(HANDLES, doc! { "_id": handle }, doc! {}).await? {
                return parse(&text(&owner, "product_id")?);
            }
            let reserved = vec![doc! { "_id": handle, "product_id": candidate.to_string() }];
            let reply = self.shared.commands.insert(HANDLES, reserved).await?.expect_only(&[code::DUPLICATE_KEY])?;
            if reply.errors.is_empty() {
                return Ok(candidate);
            }
        }
    }
}

fn product(found: &Document) -> Result<ProductRow, StoreError> {
    let row = row(found)?;
    let seq = number(row, "seq")?.cast_unsigned();
    Ok(ProductRow {
        id: parse(&text(found, "_id")?)?,
        seq,
        handle: text(row, "handle")?,
        view: from_json(&text(row, "view")?)?,
    })
}

fn variant(found: &Document) -> Result<VariantRow, StoreError> {
    let row = row(found)?;
    let sku = row.get_str("sku").ok().map(str::to_owned);
    Ok(VariantRow { id: parse(&text(found, "_id")?)?, product_id: parse(&text(row, "product_id")?)?, sku })
}

fn row(found: &Document) -> Result<&Document, StoreError> {
    found.get_document("row").map_err(|_| damaged(found, "row"))
}

fn parse<T>(text: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|error| StoreError::Damaged(format!("{text:?} is no id: {error}")))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("a row does not read back: {error}")))
}
