//! Commits that nobody followed: their writer ended, or never learnt that they were written. Each says itself what
//! follows from it, and it may be done twice, so whoever finds one does it: at the start, when its entity is loaded,
//! and from time to time.

use std::collections::{BTreeSet, HashSet};
use std::sync::Weak;
use std::time::Duration;

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};

use super::documents::{CommitRange, Follow};
use super::errors::Fault;
use super::options::Access;
use super::store::{COMMITS, Shared};
use crate::error::StoreError;
use crate::journal::EntityId;

const EVERY: Duration = Duration::from_secs(10);
const AT_ONCE: i64 = 500;

impl Shared {
    /// Writes what follows from all commits of the entity that were not followed.
    pub(super) async fn catch_up(&self, entity: &EntityId) -> Result<(), Fault> {
        let unfollowed = doc! { "entity": entity.as_str(), "unfollowed": true };
        let commits = self.collection(COMMITS);
        let reading = async { commits.find(unfollowed).await?.try_collect().await };
        let found: Result<Vec<Document>, StoreError> = self.commands.read(reading).await;
        let follows = found.and_then(|found| found.iter().map(Follow::decode).collect::<Result<Vec<_>, _>>());
        let follows = follows.map_err(|error| Fault::NotDone(error.to_string()))?;
        if follows.is_empty() { Ok(()) } else { self.follow(&follows).await }
    }

    /// Catches up with what is found now. Returns how many commits there were.
    pub(super) async fn recover(&self) -> Result<usize, Fault> {
        let found = self.unfollowed().await.map_err(|error| Fault::NotDone(error.to_string()))?;
        let entities: BTreeSet<EntityId> = found.iter().map(|(_, entity)| entity.clone()).collect();
        for entity in entities {
            self.catch_up(&entity).await?;
        }
        Ok(found.len())
    }

    async fn unfollowed(&self) -> Result<Vec<(String, EntityId)>, StoreError> {
        let commits = self.collection(COMMITS);
        let fields = doc! { "entity": 1, "first": 1, "last": 1, "at": 1 };
        let question = commits.find(doc! { "unfollowed": true }).projection(fields).limit(AT_ONCE);
        let found: Vec<Document> = self.commands.read(async { question.await?.try_collect().await }).await?;
        let decoded = found.iter().map(|commit| {
            let CommitRange { entity, .. } = CommitRange::decode(commit)?;
            Ok((super::documents::text(commit, "_id")?, entity))
        });
        decoded.collect()
    }
}

/// Runs until the store is gone. What is found twice in a row is not just being followed by its writer.
pub(super) async fn run(shared: Weak<Shared>) {
    let mut seen: HashSet<String> = HashSet::new();
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(shared) = shared.upgrade().filter(|shared| shared.access == Access::Writing) else { return };
        let found = match shared.unfollowed().await {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(%error, "could not look for commits that nobody followed");
                continue;
            }
        };
        let left: BTreeSet<&EntityId> =
            found.iter().filter(|(commit, _)| seen.contains(commit)).map(|(_, entity)| entity).collect();
        for entity in left {
            match shared.catch_up(entity).await {
                Ok(()) => tracing::info!(%entity, "caught up with commits that nobody had followed"),
                Err(fault) => tracing::warn!(%entity, reason = fault.reason(), "could not catch up with its commits"),
            }
        }
        seen = found.into_iter().map(|(commit, _)| commit).collect();
    }
}
