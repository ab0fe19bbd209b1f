//! The journal port.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

use super::archive::Trim;
use super::encoding::EncodedCommit;
use super::keys::{number, part};
use super::store::RedisChatStore;
use crate::error::{AppendError, StoreError};
use crate::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};

#[async_trait]
impl Journal for RedisChatStore {
    fn engine(&self) -> &'static str {
        "redis"
    }

    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        let (entity, head, covered) = (commit.entity.clone(), commit.head(), commit.snapshot.is_some());
        let sealed = self.keyring.seal(commit).map_err(AppendError::NotDone)?;
        let new_keys = sealed.new_keys.clone();
        let commit = EncodedCommit::new(sealed, &self.server.keys).map_err(AppendError::NotDone)?;
        self.writer.append(commit).await?;
        self.keyring.written(new_keys);
        if covered {
            // An error: too many wait, and the next snapshot comes.
            let _ = self.trims.try_send(Trim::Covered(entity, head));
        }
        Ok(())
    }

    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        let mut loaded = self.server.load(entity, snapshot_version).await?;
        let snapshot = loaded.snapshot.iter_mut().map(|(_, state)| state);
        self.unseal(entity, snapshot.chain(loaded.tail.iter_mut().map(|recorded| &mut recorded.event))).await?;
        Ok(loaded)
    }

    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut events = self.server.events_after(entity, after, limit).await?;
        self.unseal(entity, events.iter_mut().map(|recorded| &mut recorded.event)).await?;
        Ok(events)
    }

    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        Ok(self.server.heads(std::slice::from_ref(entity)).await?.pop().unwrap_or(0))
    }

    async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        self.server.heads(entities).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.server.due(now, limit).await
    }

    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        self.server.entities(kind, after, limit).await
    }

    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        self.server.unrelayed(limit).await
    }

    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        let keys = [self.server.keys.now(entity), self.server.keys.unrelayed(part(entity))];
        let arguments = [entity.as_str().to_owned(), number(to)];
        self.server.run(&self.server.scripts.relayed, &keys, &arguments).await?;
        Ok(())
    }

    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        self.archiver.archive(entity, through).await
    }
}
