//! What is given out to another engine, and taken in.
//!
//! A section is read by one question whose answer comes in parts, not by a question for each page: what speaks the
//! protocol without looking into its indexes reads the whole collection for each question.
//!
//! * `export`: sections as they are read; `holds`: those of them that lie in commits
//! * `import`: sections as they are written

mod export;
mod holds;
mod import;

use async_trait::async_trait;
use mongodb::bson::{Document, doc};

use super::documents::text;
use super::errors::Fault;
use super::options::Access;
use super::store::{
    ARCHIVED, COMMITS, ENTITIES, HANDLES, MOVED_HOLDS, MongoProductStore, PRODUCTS, SNAPSHOTS, VARIANTS,
};
use crate::error::StoreError;
use crate::moving::{Movable, MovedDomain, Pages, Record, Section, Value, What, domains};
use crate::stores::Position;

/// The note lies beside the version of the schema.
const SCHEMA: &str = "schema";
const NOTE: &str = "moving";

#[async_trait]
impl Movable for MongoProductStore {
    fn domain(&self) -> &'static MovedDomain {
        &domains::PRODUCTS
    }

    async fn count(&self, section: &Section) -> Result<u64, StoreError> {
        self.settled().await?;
        let number = async |collection: &str, filter: Document| {
            let collection = self.shared.collection(collection);
            export::unhurried(async { collection.count_documents(filter).await }).await
        };
        match (section.what, section.name) {
            (What::Commits { archived: true }, _) => number(ARCHIVED, doc! {}).await,
            (What::Commits { archived: false }, _) => number(COMMITS, doc! { "events": { "$exists": true } }).await,
            (What::Marks, _) => number(ENTITIES, export::marked()).await,
            (What::Snapshots, _) => number(SNAPSHOTS, doc! {}).await,
            (_, "handles") => number(HANDLES, doc! {}).await,
            (_, "product_rows") => number(PRODUCTS, doc! {}).await,
            (_, "variant_rows") => number(VARIANTS, doc! {}).await,
            // About: a commit may tell of many, and of one that an older one told of.
            (_, "hold_rows") => {
                let telling = number(COMMITS, doc! { "holds": { "$exists": true } }).await?;
                Ok(telling + number(MOVED_HOLDS, doc! {}).await?)
            }
            _ => Err(unknown(section)),
        }
    }

    async fn export(
        &self,
        section: &'static Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        self.settled().await?;
        self.shared.export(section, after, pages).await
    }

    async fn import(&self, section: &'static Section, records: Vec<Record>) -> Result<(), StoreError> {
        self.shared.import(section, &records).await
    }

    async fn position(&self) -> Result<Position, StoreError> {
        self.settled().await?;
        self.shared.settled_position().await
    }

    async fn start_above(&self, position: Position) -> Result<(), StoreError> {
        self.shared.start_blocks_above(position).await
    }

    async fn note(&self) -> Result<Option<String>, StoreError> {
        let found = self.shared.first(SCHEMA, doc! { "_id": NOTE }, doc! {}).await?;
        found.map(|found| text(&found, "note")).transpose()
    }

    async fn set_note(&self, note: Option<String>) -> Result<(), StoreError> {
        let commands = &self.shared.commands;
        match note {
            Some(note) => {
                let put = doc! { "q": { "_id": NOTE }, "u": { "$set": { "note": note } }, "upsert": true };
                commands.update(SCHEMA, vec![put]).await?.expect_only(&[])?;
            }
            None => {
                commands.delete(SCHEMA, doc! { "_id": NOTE }).await?.expect_only(&[])?;
            }
        }
        Ok(())
    }
}

impl MongoProductStore {
    /// What follows from every commit is written, and every archived commit is a stub.
    async fn settled(&self) -> Result<(), StoreError> {
        self.caught_up().await?;
        if self.shared.access == Access::Reading {
            return Ok(());
        }
        let failed = |fault: Fault| StoreError::Unavailable(fault.reason().to_owned());
        while self.shared.recover().await.map_err(failed)? > 0 {}
        Ok(())
    }
}

fn unknown(section: &Section) -> StoreError {
    StoreError::Unavailable(format!("the catalogue has no section {}", section.name))
}
