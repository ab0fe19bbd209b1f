//! Moves the events of commits that a snapshot covers out of the way. The commit stays as a stub: its numbers stay
//! taken, and it still answers for its holds.

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use souk_domain::aggregate::Seq;

use super::documents::{bound, text};
use super::errors::code;
use super::store::{ARCHIVED, COMMITS, Shared};
use crate::error::StoreError;
use crate::journal::EntityId;

/// Commits that move at once.
const AT_ONCE: i64 = 500;

impl Shared {
    pub(super) async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        let Some(snapshot) = self.snapshot(entity).await? else { return Ok(0) };
        let through = bound(through.min(snapshot.seq));
        let mut moved = 0;
        loop {
            let covered =
                doc! { "entity": entity.as_str(), "last": { "$lte": through }, "events": { "$exists": true } };
            let commits = self.collection(COMMITS);
            let question = commits
                .find(covered)
                .sort(doc! { "first": 1 })
                .projection(doc! { "entity": 1, "first": 1, "last": 1, "at": 1, "events": 1 })
                .limit(AT_ONCE);
            let batch: Vec<Document> = self.commands.read(async { question.await?.try_collect().await }).await?;
            if batch.is_empty() {
                return Ok(moved);
            }
            let stubs = batch
                .iter()
                .map(|commit| Ok(doc! { "q": { "_id": text(commit, "_id")? }, "u": { "$unset": { "events": "" } } }))
                .collect::<Result<Vec<_>, StoreError>>()?;
            moved += batch.len() as u64;
            // First the copy, and only then the stub. A copy that is there already is the same.
            self.commands.insert(ARCHIVED, batch).await?.expect_only(&[code::DUPLICATE_KEY])?;
            self.commands.update(COMMITS, stubs).await?.expect_only(&[])?;
        }
    }
}
