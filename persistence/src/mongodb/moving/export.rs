//! Sections as they are read: one question each.

use std::future::Future;
use std::time::Duration;

use futures::TryStreamExt;
use mongodb::Cursor;
use mongodb::bson::{Document, doc};

use super::super::commands::integer;
use super::super::documents::{CommitRange, commit_id, damaged, number, text};
use super::super::store::{ARCHIVED, COMMITS, ENTITIES, HANDLES, PRODUCTS, SNAPSHOTS, Shared, VARIANTS};
use super::unknown;
use crate::error::StoreError;
use crate::moving::{Pages, Record, Section, Value, What};

/// The first part of an answer may need the whole collection to be sorted.
const PATIENCE: Duration = Duration::from_secs(600);
/// Documents in a part of an answer.
const AT_ONCE: u32 = 500;

/// Entities that have something left to be done.
pub(super) fn marked() -> Document {
    doc! { "$or": [{ "state.due_at": { "$exists": true } }, { "relay.told": false }] }
}

pub(super) async fn unhurried<T>(question: impl Future<Output = mongodb::error::Result<T>>) -> Result<T, StoreError> {
    match tokio::time::timeout(PATIENCE, question).await {
        Ok(answer) => Ok(answer?),
        Err(_) => {
            let waited = PATIENCE.as_secs();
            Err(StoreError::Unavailable(format!("MongoDB did not answer within {waited} s")))
        }
    }
}

impl Shared {
    pub(super) async fn export(
        &self,
        section: &Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        // The record with this key may come again.
        let from = after.and_then(|key| key.first()).and_then(Value::text);
        match (section.what, section.name) {
            (What::Commits { archived: true }, _) => self.commits_out(ARCHIVED, from, pages).await,
            (What::Commits { archived: false }, _) => self.commits_out(COMMITS, from, pages).await,
            (What::Marks, _) => self.all(ENTITIES, marked(), from, pages, marks).await,
            (What::Snapshots, _) => self.all(SNAPSHOTS, doc! {}, from, pages, snapshot).await,
            (_, "handles") => self.all(HANDLES, doc! {}, from, pages, handle).await,
            (_, "product_rows") => self.all(PRODUCTS, doc! {}, from, pages, product).await,
            (_, "variant_rows") => self.all(VARIANTS, doc! {}, from, pages, variant).await,
            (_, "hold_rows") => self.holds_out(from, pages).await,
            _ => Err(unknown(section)),
        }
    }

    async fn all(
        &self,
        collection: &str,
        mut filter: Document,
        from: Option<&str>,
        pages: &mut Pages,
        record: fn(&Document) -> Result<Record, StoreError>,
    ) -> Result<(), StoreError> {
        if let Some(from) = from {
            filter.insert("_id", doc! { "$gte": from });
        }
        let mut found = self.sorted(collection, filter, doc! { "_id": 1 }, doc! {}).await?;
        while let Some(document) = found.try_next().await? {
            pages.push(record(&document)?).await?;
        }
        Ok(())
    }

    async fn commits_out(&self, collection: &str, from: Option<&str>, pages: &mut Pages) -> Result<(), StoreError> {
        let mut filter = doc! { "events": { "$exists": true } };
        if let Some(from) = from {
            filter.insert("entity", doc! { "$gte": from });
        }
        let order = doc! { "entity": 1, "first": 1 };
        let mut found = self.sorted(collection, filter, order, doc! { "follow": 0, "holds": 0 }).await?;
        while let Some(commit) = found.try_next().await? {
            let CommitRange { entity, first, last, at } = CommitRange::decode(&commit)?;
            let id = commit_id(&commit).ok_or_else(|| damaged(&commit, "_id"))?;
            let record = vec![
                Value::Text(entity.to_string()),
                Value::Integer(first.cast_signed()),
                Value::Integer((last - first + 1).cast_signed()),
                Value::Bytes(id.as_bytes().to_vec()),
                Value::Integer(at),
                Value::Text(text(&commit, "events")?),
            ];
            pages.push(record).await?;
        }
        Ok(())
    }

    /// All that a filter lets through, in an order, in parts.
    pub(super) async fn sorted(
        &self,
        collection: &str,
        filter: Document,
        order: Document,
        projection: Document,
    ) -> Result<Cursor<Document>, StoreError> {
        let collection = self.collection(collection);
        let question = collection.find(filter).sort(order).batch_size(AT_ONCE);
        let question = if projection.is_empty() { question } else { question.projection(projection) };
        unhurried(async { question.await }).await
    }
}

fn marks(entity: &Document) -> Result<Record, StoreError> {
    let state = super::super::entities::state(entity)?;
    let told = entity.get_document("relay").is_ok_and(|relay| relay.get_bool("told").unwrap_or(true));
    let relayed_to = if told { Value::Null } else { Value::Integer(number(entity, "relayed_to")?) };
    let due_at = integer(state, "due_at").map_or(Value::Null, Value::Integer);
    Ok(vec![Value::Text(text(entity, "_id")?), due_at, relayed_to])
}

fn row(document: &Document) -> Result<&Document, StoreError> {
    document.get_document("row").map_err(|_| damaged(document, "row"))
}

fn snapshot(snapshot: &Document) -> Result<Record, StoreError> {
    let kept = row(snapshot)?;
    Ok(vec![
        Value::Text(text(snapshot, "_id")?),
        Value::Integer(number(kept, "seq")?),
        Value::Integer(number(kept, "version")?),
        Value::Text(text(kept, "state")?),
        Value::Integer(number(kept, "first")?),
    ])
}

fn handle(handle: &Document) -> Result<Record, StoreError> {
    Ok(vec![Value::Text(text(handle, "_id")?), Value::Text(text(handle, "product_id")?)])
}

fn product(product: &Document) -> Result<Record, StoreError> {
    let kept = row(product)?;
    Ok(vec![
        Value::Text(text(product, "_id")?),
        Value::Integer(number(kept, "seq")?),
        Value::Text(text(kept, "handle")?),
        Value::Text(text(kept, "view")?),
    ])
}

fn variant(variant: &Document) -> Result<Record, StoreError> {
    let kept = row(variant)?;
    let sku = Value::optional(kept.get_str("sku").ok());
    Ok(vec![Value::Text(text(variant, "_id")?), Value::Text(text(kept, "product_id")?), sku])
}
