//! Sections as they are written. A document that is there already was written by the same page before, and stays.

use std::sync::atomic::Ordering;

use mongodb::bson::{Document, doc};
use uuid::Uuid;

use super::super::errors::code;
use super::super::positions::BLOCK;
use super::super::store::{
    ARCHIVED, CHANGES, COMMITS, ENTITIES, HANDLES, MOVED_HOLDS, PRODUCTS, SNAPSHOTS, Shared, VARIANTS,
};
use super::unknown;
use crate::error::StoreError;
use crate::moving::value::{bytes, integer, text};
use crate::moving::{Record, Section, Value, What};
use crate::sql::moving::newest;
use crate::stores::Position;

impl Shared {
    pub(super) async fn import(&self, section: &Section, records: &[Record]) -> Result<(), StoreError> {
        match (section.what, section.name) {
            (What::Commits { archived }, _) => {
                let commits = records.iter().map(|record| commit(record)).collect::<Result<Vec<_>, _>>()?;
                if archived {
                    // First the copy, and only then the stub.
                    self.put(ARCHIVED, commits.clone()).await?;
                    let stub = |mut commit: Document| {
                        commit.remove("events");
                        commit
                    };
                    self.put(COMMITS, commits.into_iter().map(stub).collect()).await?;
                } else {
                    self.put(COMMITS, commits).await?;
                }
                self.entities_in(records).await
            }
            (What::Marks, _) => self.marks_in(records).await,
            (What::Snapshots, _) => self.put_all(SNAPSHOTS, records, snapshot).await,
            (_, "handles") => self.put_all(HANDLES, records, handle).await,
            (_, "product_rows") => self.products_in(records).await,
            (_, "variant_rows") => self.put_all(VARIANTS, records, variant).await,
            (_, "hold_rows") => self.put_all(MOVED_HOLDS, records, hold).await,
            _ => Err(unknown(section)),
        }
    }

    async fn put_all(
        &self,
        collection: &str,
        records: &[Record],
        document: fn(&[Value]) -> Result<Document, StoreError>,
    ) -> Result<(), StoreError> {
        self.put(collection, records.iter().map(|record| document(record)).collect::<Result<_, _>>()?).await
    }

    async fn put(&self, collection: &str, documents: Vec<Document>) -> Result<(), StoreError> {
        self.commands.insert(collection, documents).await?.expect_only(&[code::DUPLICATE_KEY])?;
        Ok(())
    }

    /// Each entity with its newest commit so far. One that a page before has told of is brought up to this one.
    async fn entities_in(&self, records: &[Record]) -> Result<(), StoreError> {
        let mut entities = Vec::new();
        for record in newest(records) {
            let head = integer(record, 1)? + integer(record, 2)? - 1;
            entities.push((text(record, 0)?, head, integer(record, 4)?));
        }
        let fields = |head: i64, at: i64| {
            doc! { "state": { "head": head, "at": at }, "relay": { "head": head, "told": true }, "relayed_to": head }
        };
        let documents = entities.iter().map(|&(id, head, at)| {
            let mut document = doc! { "_id": id };
            document.extend(fields(head, at));
            document
        });
        let reply = self.commands.insert(ENTITIES, documents.collect()).await?.expect_only(&[code::DUPLICATE_KEY])?;
        let known = reply.errors.iter().filter_map(|error| entities.get(error.index));
        let updates = known.map(|&(id, head, at)| {
            doc! { "q": { "_id": id, "state.head": { "$lt": head } }, "u": { "$set": fields(head, at) } }
        });
        self.commands.update(ENTITIES, updates.collect()).await?.expect_only(&[])?;
        Ok(())
    }

    async fn marks_in(&self, records: &[Record]) -> Result<(), StoreError> {
        let mut updates = Vec::new();
        for record in records {
            let mut set = Document::new();
            if let Some(due_at) = record.get(1).and_then(Value::integer) {
                set.insert("state.due_at", due_at);
            }
            if let Some(relayed_to) = record.get(2).and_then(Value::integer) {
                set.insert("relay.told", false);
                set.insert("relayed_to", relayed_to);
            }
            updates.push(doc! { "q": { "_id": text(record, 0)? }, "u": { "$set": set } });
        }
        self.commands.update(ENTITIES, updates).await?.expect_only(&[])?;
        Ok(())
    }

    /// With their positions at once: nobody follows this store yet.
    async fn products_in(&self, records: &[Record]) -> Result<(), StoreError> {
        for records in records.chunks(BLOCK as usize / 2) {
            let ids = records.iter().map(|record| text(record, 0)).collect::<Result<Vec<_>, _>>()?;
            let number = self.put_down_block(&ids).await?;
            let mut products = Vec::new();
            for (record, position) in records.iter().zip(number * BLOCK..) {
                let row = doc! { "seq": integer(record, 1)?, "handle": text(record, 2)?, "view": text(record, 3)? };
                products.push(doc! { "_id": text(record, 0)?, "row": row, "changed": position });
            }
            self.put(PRODUCTS, products).await?;
            let done = doc! { "q": { "_id": number }, "u": { "$set": { "done": true } } };
            self.commands.update(CHANGES, vec![done]).await?.expect_only(&[])?;
            self.commands.delete(CHANGES, doc! { "_id": { "$lt": number } }).await?.expect_only(&[])?;
        }
        Ok(())
    }

    pub(super) async fn start_blocks_above(&self, position: Position) -> Result<(), StoreError> {
        if self.settled_position().await? > position {
            return Ok(());
        }
        let number = position / BLOCK + 1;
        self.put(CHANGES, vec![doc! { "_id": number, "done": true, "products": [] }]).await?;
        self.newest_block.store(number, Ordering::Relaxed);
        Ok(())
    }
}

fn commit(record: &[Value]) -> Result<Document, StoreError> {
    let (first, count) = (integer(record, 1)?, integer(record, 2)?);
    let id = Uuid::from_slice(bytes(record, 3)?)
        .map_err(|_| StoreError::Damaged(format!("a commit of {} has no proper id", text(record, 0).unwrap_or("?"))))?;
    Ok(doc! {
        "_id": id.simple().to_string(), "entity": text(record, 0)?, "first": first, "last": first + count - 1,
        "at": integer(record, 4)?, "events": text(record, 5)?,
    })
}

fn snapshot(record: &[Value]) -> Result<Document, StoreError> {
    let row = doc! {
        "seq": integer(record, 1)?, "first": integer(record, 4)?, "version": integer(record, 2)?,
        "state": text(record, 3)?,
    };
    Ok(doc! { "_id": text(record, 0)?, "row": row })
}

fn handle(record: &[Value]) -> Result<Document, StoreError> {
    Ok(doc! { "_id": text(record, 0)?, "product_id": text(record, 1)? })
}

/// With the lowest number, so that whatever is written later takes its place.
fn variant(record: &[Value]) -> Result<Document, StoreError> {
    let mut row = doc! { "seq": 0_i64, "product_id": text(record, 1)? };
    if let Some(sku) = record.get(2).and_then(Value::text) {
        row.insert("sku", sku);
    }
    Ok(doc! { "_id": text(record, 0)?, "row": row })
}

fn hold(record: &[Value]) -> Result<Document, StoreError> {
    let (product, order) = (text(record, 0)?, text(record, 1)?);
    Ok(doc! {
        "_id": Shared::moved_hold(product, order), "product": product, "order": order, "state": text(record, 2)?,
        "lines": text(record, 3)?,
    })
}
