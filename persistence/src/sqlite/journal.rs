//! The journal port of every domain that has entities.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

use super::domains::JournalDomain;
use super::loading;
use super::store::SqliteStore;
use crate::error::{AppendError, StoreError};
use crate::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};
use crate::sealing::KeySource;

/// Commits that move in one transaction, so that appends need not wait long for a long archive.
const ARCHIVED_AT_ONCE: i64 = 500;

/// ?1 entity, ?2 through, ?3 at most.
const MOVE_TO_ARCHIVE: &str = "
     with bound as (
        select number, min(?2, seq) as last from entities join snapshots on entity = number where id = ?1
     )
     insert into archived_commits (position, entity, first, count, commit_id, at, events)
     select position, entity, first, count, commit_id, at, events
     from bound join commits on entity = number and first <= last
     where first + count - 1 <= last
     order by first limit ?3";

/// The archive is a journal without gaps from its first commit on.
const REMOVE_ARCHIVED: &str = "delete from commits
     where entity = (select number from entities where id = ?1)
       and first <= (select max(first) from archived_commits join entities on number = entity where id = ?1)";

const MARK_RELAYED: &str = "update entities set
        relayed_to = min(?2, head),
        unrelayed_since = case when ?2 < head then unrelayed_since end
     where id = ?1 and relayed_to < min(?2, head)";

#[async_trait]
impl<D: JournalDomain> Journal for SqliteStore<D> {
    fn engine(&self) -> &'static str {
        "sqlite"
    }

    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        let sealed = self.keyring.seal(commit).map_err(AppendError::NotDone)?;
        let new_keys = sealed.new_keys.clone();
        self.database.append(sealed).await?;
        self.keyring.written(new_keys);
        Ok(())
    }

    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        let mut reader = self.database.reader().await?;
        let loaded = loading::load(&mut reader, entity, snapshot_version).await;
        let mut loaded = loaded.map_err(|error| reader.failed(error))?;
        let snapshot = loaded.snapshot.iter_mut().map(|(_, state)| state);
        self.unseal(entity, snapshot.chain(loaded.tail.iter_mut().map(|recorded| &mut recorded.event))).await?;
        Ok(loaded)
    }

    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut reader = self.database.reader().await?;
        let events = loading::events_after(&mut reader, entity, after, limit).await;
        let mut events = events.map_err(|error| reader.failed(error))?;
        self.unseal(entity, events.iter_mut().map(|recorded| &mut recorded.event)).await?;
        Ok(events)
    }

    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        let query = sqlx::query_as("select head from entities where id = ?1").bind(entity.as_str());
        let head: Option<(i64,)> = self.database.optional(query).await?;
        Ok(head.map_or(0, |(head,)| head.cast_unsigned()))
    }

    async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        let ids = serde_json::to_string(entities).map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let query = sqlx::query_as(
            "select coalesce(head, 0) from json_each(?1) as asked left join entities on entities.id = asked.value
             order by asked.key",
        );
        let heads: Vec<(i64,)> = self.database.all(query.bind(ids)).await?;
        Ok(heads.into_iter().map(|(head,)| head.cast_unsigned()).collect())
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let query = sqlx::query_as("select id, due_at from entities where due_at <= ?1 order by due_at limit ?2")
            .bind(now.as_millis())
            .bind(rows(limit));
        let due: Vec<(String, i64)> = self.database.all(query).await?;
        let due = due
            .into_iter()
            .map(|(id, due_at)| Due { entity: EntityId::new(id), due_at: Timestamp::from_millis(due_at) });
        Ok(due.collect())
    }

    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        let prefix = format!("{kind}_");
        let after = after.map_or(&*prefix, |after| after.as_str().max(&prefix));
        // The character after '_' is '`': the range ends with the last id that has the prefix.
        let query = sqlx::query_as("select id from entities where id > ?1 and id < ?2 order by id limit ?3")
            .bind(after)
            .bind(format!("{kind}`"))
            .bind(rows(limit));
        let ids: Vec<(String,)> = self.database.all(query).await?;
        Ok(ids.into_iter().map(|(id,)| EntityId::new(id)).collect())
    }

    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        let query = sqlx::query_as(
            "select id, relayed_to, head from entities
             where unrelayed_since is not null order by unrelayed_since limit ?1",
        )
        .bind(rows(limit));
        let unrelayed: Vec<(String, i64, i64)> = self.database.all(query).await?;
        let unrelayed = unrelayed.into_iter().map(|(id, relayed_to, head)| Unrelayed {
            entity: EntityId::new(id),
            relayed_to: relayed_to.cast_unsigned(),
            head: head.cast_unsigned(),
        });
        Ok(unrelayed.collect())
    }

    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        let entity = entity.clone();
        let to = number(to);
        let write = self.database.write(move |connection| {
            let query = sqlx::query(MARK_RELAYED).bind(entity.to_string()).bind(to);
            Box::pin(async move { query.execute(connection).await.map(|_| ()) })
        });
        write.await
    }

    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        let through = number(through);
        let mut moved = 0;
        loop {
            let entity = entity.to_string();
            let write = self.database.write(move |connection| {
                let entity = entity.clone();
                Box::pin(async move {
                    let query = sqlx::query(MOVE_TO_ARCHIVE).bind(&entity).bind(through).bind(ARCHIVED_AT_ONCE);
                    let moved = query.execute(&mut *connection).await?.rows_affected();
                    sqlx::query(REMOVE_ARCHIVED).bind(&entity).execute(connection).await?;
                    Ok(moved)
                })
            });
            let batch = write.await?;
            moved += batch;
            if batch < ARCHIVED_AT_ONCE.cast_unsigned() {
                return Ok(moved);
            }
        }
    }
}

/// A number beyond what a column holds is beyond every head all the same.
fn number(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
