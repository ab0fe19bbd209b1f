//! Rows that follow. Each is one field with its number first, `row: { seq, … }`, and is written as a maximum: MongoDB
//! compares documents field by field in their order, so the newer row wins, whichever is written first, however often.
//! <https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/#objects>

use std::collections::BTreeMap;

use mongodb::bson::{Document, doc};

use super::errors::Fault;
use super::store::Shared;

/// A row that is to be there, unless a newer one is.
#[derive(Debug, Clone)]
pub(super) struct NewRow {
    pub id: String,
    pub seq: i64,
    /// Begins with `seq`.
    pub row: Document,
}

impl Shared {
    pub(super) async fn put_rows(&self, collection: &str, rows: impl IntoIterator<Item = NewRow>) -> Result<(), Fault> {
        let mut newest: BTreeMap<String, NewRow> = BTreeMap::new();
        for row in rows {
            if newest.get(&row.id).is_none_or(|known| known.seq <= row.seq) {
                newest.insert(row.id.clone(), row);
            }
        }
        let updates = newest.into_values().map(
            |NewRow { id, seq: _, row }| doc! { "q": { "_id": id }, "u": { "$max": { "row": row } }, "upsert": true },
        );
        self.commands.update(collection, updates.collect()).await?.expect_only(&[])?;
        Ok(())
    }
}
