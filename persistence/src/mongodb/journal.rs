//! The journal port.

use std::collections::HashMap;

use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::bson::{Document, doc};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use tokio::sync::oneshot;

use super::documents::{EncodedCommit, number, text};
use super::entities::state;
use super::options::Access;
use super::queue::{Append, Job};
use super::store::{COMMITS, ENTITIES, MongoProductStore, Shared};
use crate::error::{AppendError, StoreError};
use crate::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};

#[async_trait]
impl Journal for MongoProductStore {
    fn engine(&self) -> &'static str {
        "mongodb"
    }

    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        if self.shared.access == Access::Reading {
            return Err(AppendError::NotDone("the store was opened for reading only".to_owned()));
        }
        let commit = EncodedCommit::new(commit).map_err(AppendError::NotDone)?;
        let (answer, outcome) = oneshot::channel();
        let closed = || AppendError::NotDone("the store is closed".to_owned());
        self.jobs.send(Job::Append(Box::new(Append { commit, answer }))).await.map_err(|_| closed())?;
        outcome.await.unwrap_or_else(|_| Err(AppendError::Unknown("the writer ended before it answered".to_owned())))
    }

    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        self.caught_up().await?;
        self.shared.load(entity, snapshot_version).await
    }

    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.shared.events_after(entity, after, limit).await
    }

    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        self.shared.newest_head(entity).await
    }

    async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        self.shared.heads_of(entities).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.caught_up().await?;
        let due = doc! { "state.due_at": { "$lte": now.as_millis() } };
        let found = self.shared.entities(due, doc! { "state.due_at": 1 }, limit).await?;
        let decode = |entity: &Document| {
            let due_at = Timestamp::from_millis(number(state(entity)?, "due_at")?);
            Ok(Due { entity: EntityId::new(text(entity, "_id")?), due_at })
        };
        found.iter().map(decode).collect()
    }

    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        self.caught_up().await?;
        let prefix = format!("{kind}_");
        let after = after.map_or(&*prefix, |after| after.as_str().max(&prefix));
        // The character after '_' is '`': the range ends with the last id that has the prefix.
        let of_kind = doc! { "_id": { "$gt": after, "$lt": format!("{kind}`") } };
        let found = self.shared.entities(of_kind, doc! { "_id": 1 }, limit).await?;
        found.iter().map(|entity| Ok(EntityId::new(text(entity, "_id")?))).collect()
    }

    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        self.caught_up().await?;
        let found = self.shared.entities(doc! { "relay.told": false }, doc! { "_id": 1 }, limit).await?;
        let decode = |entity: &Document| {
            Ok(Unrelayed {
                entity: EntityId::new(text(entity, "_id")?),
                relayed_to: number(entity, "relayed_to")?.cast_unsigned(),
                head: number(state(entity)?, "head")?.cast_unsigned(),
            })
        };
        found.iter().map(decode).collect()
    }

    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        self.caught_up().await?;
        self.shared.move_relay_mark(entity, to).await
    }

    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        self.caught_up().await?;
        self.shared.archive(entity, through).await
    }
}

impl Shared {
    /// A commit that was not followed when that was asked for is counted by itself, every other one by its entity.
    async fn heads_of(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        let ids: Vec<&str> = entities.iter().map(EntityId::as_str).collect();
        let commits = self.collection(COMMITS);
        let unfollowed = doc! { "unfollowed": true, "entity": { "$in": &ids } };
        let question = commits.find(unfollowed).projection(doc! { "entity": 1, "last": 1 });
        let unfollowed: Vec<Document> = self.commands.read(async { question.await?.try_collect().await }).await?;
        let followed = self.entities(doc! { "_id": { "$in": &ids } }, doc! { "_id": 1 }, usize::MAX).await?;
        let mut heads: HashMap<String, i64> = HashMap::new();
        for entity in &followed {
            heads.insert(text(entity, "_id")?, number(state(entity)?, "head")?);
        }
        for commit in &unfollowed {
            let head = heads.entry(text(commit, "entity")?).or_default();
            *head = number(commit, "last")?.max(*head);
        }
        Ok(ids.into_iter().map(|id| heads.get(id).map_or(0, |head| head.cast_unsigned())).collect())
    }

    async fn entities(&self, filter: Document, order: Document, limit: usize) -> Result<Vec<Document>, StoreError> {
        if limit == 0 {
            // To the server, 0 is no limit.
            return Ok(Vec::new());
        }
        let entities = self.collection(ENTITIES);
        let question = entities.find(filter).sort(order).limit(i64::try_from(limit).unwrap_or(i64::MAX));
        self.commands.read(async { question.await?.try_collect().await }).await
    }
}
