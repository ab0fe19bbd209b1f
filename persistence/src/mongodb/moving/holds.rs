//! Answers for holds. They lie in the commits that told of them, the newest of which counts; those that came from
//! another engine lie in a collection of their own, and any commit is newer than they are. So they are read as two lists
//! by product, side by side; of one product all are in memory at once.

use std::collections::BTreeMap;

use futures::TryStreamExt;
use mongodb::Cursor;
use mongodb::bson::{Bson, Document, doc};

use super::super::documents::{damaged, text};
use super::super::store::{COMMITS, MOVED_HOLDS, Shared};
use crate::error::StoreError;
use crate::moving::{Pages, Value};

/// State and lines, by order.
type Holds = BTreeMap<String, (String, String)>;

/// Documents in the order of their products.
struct Ordered {
    documents: Cursor<Document>,
    /// The field that names the product.
    product: &'static str,
    next: Option<Document>,
}

impl Ordered {
    async fn new(documents: Cursor<Document>, product: &'static str) -> Result<Self, StoreError> {
        let mut ordered = Self { documents, product, next: None };
        ordered.advance().await?;
        Ok(ordered)
    }

    async fn advance(&mut self) -> Result<Option<Document>, StoreError> {
        let next = self.documents.try_next().await?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn product(&self) -> Result<Option<String>, StoreError> {
        self.next.as_ref().map(|next| text(next, self.product)).transpose()
    }

    /// The next document if it is of this product.
    async fn of(&mut self, product: &str) -> Result<Option<Document>, StoreError> {
        if self.product()?.is_some_and(|next| next == product) { self.advance().await } else { Ok(None) }
    }
}

impl Shared {
    pub(super) async fn holds_out(&self, from: Option<&str>, pages: &mut Pages) -> Result<(), StoreError> {
        let mut telling = doc! { "holds": { "$exists": true } };
        let mut moved = doc! {};
        if let Some(from) = from {
            telling.insert("entity", doc! { "$gte": from });
            moved.insert("product", doc! { "$gte": from });
        }
        let fields = doc! { "entity": 1, "first": 1, "holds": 1 };
        let telling = self.sorted(COMMITS, telling, doc! { "entity": 1, "first": 1 }, fields).await?;
        let mut telling = Ordered::new(telling, "entity").await?;
        let moved = self.sorted(MOVED_HOLDS, moved, doc! { "product": 1, "order": 1 }, doc! {}).await?;
        let mut moved = Ordered::new(moved, "product").await?;
        loop {
            let next = [telling.product()?, moved.product()?].into_iter().flatten().min();
            let Some(product) = next else { return Ok(()) };
            let mut holds = Holds::new();
            while let Some(hold) = moved.of(&product).await? {
                take(&mut holds, &hold)?;
            }
            while let Some(commit) = telling.of(&product).await? {
                let told = commit.get_array("holds").map_err(|_| damaged(&commit, "holds"))?;
                for hold in told.iter().filter_map(Bson::as_document) {
                    take(&mut holds, hold)?;
                }
            }
            for (order, (state, lines)) in holds {
                let record = [product.clone(), order, state, lines].map(Value::Text);
                pages.push(record.to_vec()).await?;
            }
        }
    }
}

fn take(holds: &mut Holds, hold: &Document) -> Result<(), StoreError> {
    holds.insert(text(hold, "order")?, (text(hold, "state")?, text(hold, "lines")?));
    Ok(())
}
