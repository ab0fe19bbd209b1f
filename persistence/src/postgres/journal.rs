//! The journal port of every domain that has entities.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

use super::domains::JournalDomain;
use super::loading::{COMMITS_AFTER, LOAD};
use super::store::PostgresStore;
use crate::error::{AppendError, StoreError};
use crate::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};
use crate::sealing::KeySource;
use crate::sql::events::{self, Page};

/// Commits that move in one transaction, so that others need not wait long for a long archive.
const ARCHIVED_AT_ONCE: i64 = 500;

/// $1 entity, $2 through, $3 at most. The archive is a journal without gaps from its first commit on.
const ARCHIVE: &str = "
    with bound as (
        select number, least($2, seq) as last from entities join snapshots on entity = number where id = $1
    ),
    oldest as (
        select commits.entity, commits.first
        from bound join commits on commits.entity = bound.number and commits.first <= bound.last
        where commits.first + commits.count - 1 <= bound.last
        order by commits.first limit $3
    ),
    moved as (
        delete from commits using oldest
        where commits.entity = oldest.entity and commits.first = oldest.first
        returning commits.*
    )
    insert into archived_commits (entity, first, count, commit_id, at, events)
    select entity, first, count, commit_id, at, events from moved";

const MARK_RELAYED: &str = "
    update entities set
        relayed_to = least($2, head),
        unrelayed_since = case when $2 < head then unrelayed_since end
    where id = $1 and relayed_to < least($2, head)";

#[async_trait]
impl<D: JournalDomain> Journal for PostgresStore<D> {
    fn engine(&self) -> &'static str {
        "postgres"
    }

    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        let sealed = self.keyring.seal(commit).map_err(AppendError::NotDone)?;
        let new_keys = sealed.new_keys.clone();
        self.database.append(sealed).await?;
        self.keyring.written(new_keys);
        Ok(())
    }

    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        let query = sqlx::query_as(LOAD).bind(entity.as_str()).bind(i64::from(snapshot_version));
        let mut loaded = Loaded::default();
        for row in self.database.all(query).await? {
            events::take_loaded(&mut loaded, entity, row).map_err(StoreError::Damaged)?;
        }
        events::check_loaded(&loaded, entity).map_err(StoreError::Damaged)?;
        let snapshot = loaded.snapshot.iter_mut().map(|(_, state)| state);
        self.unseal(entity, snapshot.chain(loaded.tail.iter_mut().map(|recorded| &mut recorded.event))).await?;
        Ok(loaded)
    }

    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut page = Page::new(entity, after, limit);
        let (bound, commits) = page.bounds();
        let query = sqlx::query_as(COMMITS_AFTER).bind(entity.as_str()).bind(bound).bind(commits);
        for row in self.database.all(query).await? {
            if page.is_full() {
                break;
            }
            page.take(row).map_err(StoreError::Damaged)?;
        }
        let mut events = page.finish().map_err(StoreError::Damaged)?;
        self.unseal(entity, events.iter_mut().map(|recorded| &mut recorded.event)).await?;
        Ok(events)
    }

    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        let query = sqlx::query_as("select head from entities where id = $1").bind(entity.as_str());
        let head: Option<(i64,)> = self.database.optional(query).await?;
        Ok(head.map_or(0, |(head,)| head.cast_unsigned()))
    }

    async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        let ids: Vec<&str> = entities.iter().map(EntityId::as_str).collect();
        let query = sqlx::query_as(
            "select coalesce(head, 0) from unnest($1::text[]) with ordinality as asked (id, place)
             left join entities using (id) order by place",
        );
        let heads: Vec<(i64,)> = self.database.all(query.bind(ids)).await?;
        Ok(heads.into_iter().map(|(head,)| head.cast_unsigned()).collect())
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        let query = sqlx::query_as("select id, due_at from entities where due_at <= $1 order by due_at limit $2")
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
        let query = sqlx::query_as("select id from entities where id > $1 and id < $2 order by id limit $3")
            .bind(after)
            .bind(format!("{kind}`"))
            .bind(rows(limit));
        let ids: Vec<(String,)> = self.database.all(query).await?;
        Ok(ids.into_iter().map(|(id,)| EntityId::new(id)).collect())
    }

    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        let query = sqlx::query_as(
            "select id, relayed_to, head from entities
             where unrelayed_since is not null order by unrelayed_since limit $1",
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
        let query = sqlx::query(MARK_RELAYED).bind(entity.as_str()).bind(number(to));
        self.database.execute(query).await.map(|_| ())
    }

    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        let mut moved = 0;
        loop {
            let query = sqlx::query(ARCHIVE).bind(entity.as_str()).bind(number(through)).bind(ARCHIVED_AT_ONCE);
            let batch = self.database.execute(query).await?;
            moved += batch;
            if batch < ARCHIVED_AT_ONCE.cast_unsigned() {
                return Ok(moved);
            }
        }
    }
}

/// A number beyond what a column holds is beyond every head all the same.
pub(super) fn number(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
