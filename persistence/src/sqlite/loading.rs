//! Reading journals: rebuilding an entity, and the events after a number.

use futures::TryStreamExt;
use souk_domain::aggregate::Seq;
use sqlx::SqliteConnection;

use super::readers::ReadError;
use crate::journal::{EntityId, Loaded, Recorded};
use crate::sql::events::{self, Page};

/// One statement, so that head, snapshot and tail are of the same moment. The first row is the entity
/// with its snapshot, the others are commits.
const LOAD: &str = "
    select 0 as first, head, at, commit_id, seq, state
    from entities left join snapshots on entity = number and version = ?2
    where id = ?1
    union all
    select * from (
        select first, count, at, null, null, events from archived_commits
        where entity = (select number from entities where id = ?1) and first > coalesce(
            (select seq from entities join snapshots on entity = number where id = ?1 and version = ?2), 0)
        union all
        select first, count, at, null, null, events from commits
        where entity = (select number from entities where id = ?1) and first > coalesce(
            (select seq from entities join snapshots on entity = number where id = ?1 and version = ?2), 0)
        order by first
    )";

/// The commit that holds number ?2 + 1 and those after it, at most ?3. The entity is looked up where its
/// number is needed: so the index gives the order, and a page of a long journal does not read it whole.
const COMMITS_AFTER: &str = "
    select first, at, events from archived_commits
    where entity = (select number from entities where id = ?1) and first >= coalesce(
        (select max(first) from archived_commits
         where entity = (select number from entities where id = ?1) and first <= ?2 + 1), 0)
    union all
    select first, at, events from commits
    where entity = (select number from entities where id = ?1) and first >= coalesce(
        (select max(first) from commits
         where entity = (select number from entities where id = ?1) and first <= ?2 + 1), 0)
    order by first limit ?3";

pub(super) async fn load(
    connection: &mut SqliteConnection,
    entity: &EntityId,
    snapshot_version: u32,
) -> Result<Loaded, ReadError> {
    let mut rows = sqlx::query_as(LOAD).bind(entity.as_str()).bind(snapshot_version).fetch(connection);
    let mut loaded = Loaded::default();
    while let Some(row) = rows.try_next().await? {
        events::take_loaded(&mut loaded, entity, row).map_err(ReadError::Damaged)?;
    }
    events::check_loaded(&loaded, entity).map_err(ReadError::Damaged)?;
    Ok(loaded)
}

pub(super) async fn events_after(
    connection: &mut SqliteConnection,
    entity: &EntityId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Recorded>, ReadError> {
    let mut page = Page::new(entity, after, limit);
    let (bound, commits) = page.bounds();
    let mut rows = sqlx::query_as(COMMITS_AFTER).bind(entity.as_str()).bind(bound).bind(commits).fetch(connection);
    while !page.is_full() {
        let Some(row) = rows.try_next().await? else { break };
        page.take(row).map_err(ReadError::Damaged)?;
    }
    page.finish().map_err(ReadError::Damaged)
}
