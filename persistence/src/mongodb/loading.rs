//! Reading journals: rebuilding an entity, and the events after a number.
//!
//! No two reads here are of one moment. It is enough that commits only ever come at the end: whoever reads them in
//! their order sees a journal as it was at some moment.

use std::collections::HashMap;

use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

use super::documents::{CommitRange, bound, commit_id, damaged, number, split, text};
use super::options::Access;
use super::store::{ARCHIVED, COMMITS, SNAPSHOTS, Shared};
use crate::error::StoreError;
use crate::journal::{EntityId, Loaded, Recorded};

/// A snapshot, and the first number of the commit that it came with.
pub(super) struct KeptSnapshot {
    pub seq: Seq,
    pub first: Seq,
    pub version: i64,
    pub state: String,
}

impl Shared {
    pub(super) async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        // First the snapshot, then the commits from the one that it came with: so they go on from it.
        let snapshot = self.snapshot(entity).await?.filter(|kept| kept.version == i64::from(snapshot_version));
        let from = snapshot.as_ref().map_or(1, |snapshot| snapshot.first);
        let commits = self.commits(entity, from, None).await?;
        let Some(newest) = commits.last() else {
            return match snapshot {
                None => Ok(Loaded::default()),
                Some(KeptSnapshot { first, .. }) => Err(gap(entity, first, first - 1)),
            };
        };
        let range = CommitRange::decode(newest)?;
        let mut loaded = Loaded {
            head: range.last,
            at: Timestamp::from_millis(range.at),
            commit_id: commit_id(newest),
            snapshot: None,
            tail: Vec::new(),
        };
        let unfollowed = commits.iter().any(|commit| commit.contains_key("unfollowed"));
        let events = self.events(entity, from - 1, &commits).await?;
        let after = snapshot.as_ref().map_or(0, |snapshot| snapshot.seq);
        loaded.tail = events.into_iter().filter(|event| event.seq > after).collect();
        loaded.snapshot = snapshot.map(|snapshot| (snapshot.seq, snapshot.state));
        self.heads.learn(entity, loaded.head);
        if unfollowed && self.access == Access::Writing {
            // Of no account for the state, and found again by others; so the entity can be loaded all the same.
            if let Err(fault) = self.catch_up(entity).await {
                tracing::warn!(%entity, reason = fault.reason(), "could not catch up with its commits");
            }
        }
        Ok(loaded)
    }

    pub(super) async fn events_after(
        &self,
        entity: &EntityId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Recorded>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        // The commit that holds the next number, or ends right before it.
        let holding = doc! { "entity": entity.as_str(), "first": { "$lte": bound(after).saturating_add(1) } };
        let Some(CommitRange { first, .. }) = self.newest_commit(holding).await? else { return Ok(Vec::new()) };
        // Each commit has at least one event, and the first may lie before.
        let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let commits = self.commits(entity, first, Some(most)).await?;
        let events = self.events(entity, first - 1, &commits).await?;
        Ok(events.into_iter().filter(|event| event.seq > after).take(limit).collect())
    }

    pub(super) async fn snapshot(&self, entity: &EntityId) -> Result<Option<KeptSnapshot>, StoreError> {
        let found = self.first(SNAPSHOTS, doc! { "_id": entity.as_str() }, doc! {}).await?;
        let decode = |found: Document| {
            let kept = found.get_document("row").map_err(|_| damaged(&found, "row"))?;
            Ok(KeptSnapshot {
                seq: number(kept, "seq")?.cast_unsigned(),
                first: number(kept, "first")?.cast_unsigned(),
                version: number(kept, "version")?,
                state: text(kept, "state")?,
            })
        };
        found.map(decode).transpose()
    }

    /// Commits from the one that starts at `from` on, in their order.
    async fn commits(&self, entity: &EntityId, from: Seq, most: Option<i64>) -> Result<Vec<Document>, StoreError> {
        let filter = doc! { "entity": entity.as_str(), "first": { "$gte": bound(from) } };
        let commits = self.collection(COMMITS);
        // What follows from a commit is not asked for: only whether it has been written.
        let question = commits.find(filter).sort(doc! { "first": 1 }).projection(doc! { "follow": 0, "holds": 0 });
        let question = match most {
            Some(most) => question.limit(most),
            None => question,
        };
        self.commands.read(async { question.await?.try_collect().await }).await
    }

    /// Their events, those of archived ones too; the first of them comes right after `after`.
    async fn events(&self, entity: &EntityId, after: Seq, commits: &[Document]) -> Result<Vec<Recorded>, StoreError> {
        let archived = self.archived(entity, commits).await?;
        let (mut events, mut last) = (Vec::new(), after);
        for commit in commits {
            let range = CommitRange::decode(commit)?;
            if range.first != last + 1 {
                return Err(gap(entity, range.first, last));
            }
            let kept = match commit.get_str("events") {
                Ok(events) => events,
                Err(_) => archived.get(&range.first).map(String::as_str).ok_or_else(|| {
                    StoreError::Damaged(format!("{entity} has lost the events from {} to {}", range.first, range.last))
                })?,
            };
            let kept =
                split(kept).map_err(|error| StoreError::Damaged(format!("{entity} at {}: {error}", range.first)))?;
            if range.last - range.first + 1 != kept.len() as Seq {
                return Err(gap(entity, range.last + 1, range.first - 1 + kept.len() as Seq));
            }
            let at = Timestamp::from_millis(range.at);
            events.extend((range.first..).zip(kept).map(|(seq, event)| Recorded { seq, at, event }));
            last = range.last;
        }
        Ok(events)
    }

    /// By first number. They are put into the archive before the commit becomes a stub.
    async fn archived(&self, entity: &EntityId, commits: &[Document]) -> Result<HashMap<Seq, String>, StoreError> {
        let stubs: Vec<i64> = commits
            .iter()
            .filter(|commit| !commit.contains_key("events"))
            .map(|commit| number(commit, "first"))
            .collect::<Result<_, _>>()?;
        let (Some(first), Some(last)) = (stubs.first(), stubs.last()) else { return Ok(HashMap::new()) };
        let filter = doc! { "entity": entity.as_str(), "first": { "$gte": *first, "$lte": *last } };
        let archive = self.collection(ARCHIVED);
        let found: Vec<Document> =
            self.commands.read(async { archive.find(filter).await?.try_collect().await }).await?;
        found.iter().map(|commit| Ok((number(commit, "first")?.cast_unsigned(), text(commit, "events")?))).collect()
    }
}

fn gap(entity: &EntityId, found: Seq, last: Seq) -> StoreError {
    StoreError::Damaged(format!(
        "{entity} has event {found} after event {last}: restore the collection commits from a backup"
    ))
}
