//! Whether a commit may be written: why its predecessor has to be known, and how it comes to be known.
//!
//! The unique index over (entity, first) refuses a second commit that starts at a number. It refuses neither a gap
//! nor one that starts in the middle of another. So a writer inserts a commit after P only once it knows that *a
//! commit that ends at P is there*, acknowledged by a majority. Then the commits of an entity always lie end to end:
//!
//! 1. Commits are never removed or renumbered (an archived one keeps its numbers), and a majority's word stands. So
//!    "a commit that ends at P is there" stays true once it is, however long ago and on whichever node it was learnt.
//! 2. Say the commits lie end to end so far, and one of them ends at P. Either it is the newest, and one that starts
//!    at P + 1 goes right behind it; or another follows it, which then starts at P + 1, and the index refuses.
//!
//! Either way they lie end to end afterwards; with none at all, only one after 0 may come. So there is neither a gap
//! nor an overlap, with any number of writers, without a transaction.

use moka::sync::Cache;
use mongodb::bson::{Document, doc};
use mongodb::options::FindOneOptions;
use souk_domain::aggregate::Seq;

use super::documents::{CommitRange, bound};
use super::store::Shared;
use crate::error::StoreError;
use crate::journal::EntityId;

/// Heads of as many entities are remembered. What is forgotten is asked for.
const REMEMBERED: u64 = 100_000;

/// Numbers at which a commit is known to end.
#[derive(Debug, Clone)]
pub(super) struct KnownHeads(Cache<EntityId, Seq>);

impl Default for KnownHeads {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl KnownHeads {
    /// Only of a commit that a majority has acknowledged.
    pub(super) fn learn(&self, entity: &EntityId, head: Seq) {
        if head > 0 {
            self.0.insert(entity.clone(), head);
        }
    }

    pub(super) fn get(&self, entity: &EntityId) -> Option<Seq> {
        self.0.get(entity)
    }
}

impl Shared {
    /// None when a commit after `predecessor` may be inserted; the index decides then. Otherwise where the journal
    /// stands.
    pub(super) async fn refusal(&self, entity: &EntityId, predecessor: Seq) -> Result<Option<Seq>, StoreError> {
        if predecessor == 0 || self.heads.get(entity) == Some(predecessor) {
            return Ok(None);
        }
        let before = doc! { "entity": entity.as_str(), "first": { "$lte": bound(predecessor) } };
        let found = self.newest_commit(before).await?;
        if found.is_some_and(|commit| commit.last == predecessor) {
            return Ok(None);
        }
        let head = self.newest_head(entity).await?;
        // It may have come between the two questions.
        Ok((head != predecessor).then_some(head))
    }

    /// The number of the newest event; 0 when there is none.
    pub(super) async fn newest_head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        let newest = self.newest_commit(doc! { "entity": entity.as_str() }).await?;
        let head = newest.map_or(0, |commit| commit.last);
        self.heads.learn(entity, head);
        Ok(head)
    }

    pub(super) async fn newest_commit(&self, filter: Document) -> Result<Option<CommitRange>, StoreError> {
        let fields = doc! { "entity": 1, "first": 1, "last": 1, "at": 1 };
        let options = FindOneOptions::builder().sort(doc! { "first": -1 }).projection(fields).build();
        let commits = self.collection(super::store::COMMITS);
        let found = self.commands.read(async { commits.find_one(filter).with_options(options).await }).await?;
        found.map(|commit| CommitRange::decode(&commit)).transpose()
    }
}
