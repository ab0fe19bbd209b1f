//! Reading journals: rebuilding an entity, and the events after a number.

use futures::TryStreamExt;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::encoding::split;
use super::readers::ReadError;
use crate::journal::{EntityId, Loaded, Recorded};

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
    let mut rows = sqlx::query(LOAD).bind(entity.as_str()).bind(snapshot_version).fetch(connection);
    let mut loaded = Loaded::default();
    while let Some(row) = rows.try_next().await? {
        let (first, number): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let at: i64 = row.try_get(2)?;
        if first == 0 {
            loaded.head = number.cast_unsigned();
            loaded.at = Timestamp::from_millis(at);
            loaded.commit_id = Uuid::from_slice(row.try_get(3)?).ok();
            let seq: Option<i64> = row.try_get(4)?;
            let state: Option<String> = row.try_get(5)?;
            loaded.snapshot = seq.map(i64::cast_unsigned).zip(state);
        } else {
            extend(&mut loaded.tail, first.cast_unsigned(), at, row.try_get(5)?)?;
        }
    }
    let after = loaded.snapshot.as_ref().map_or(0, |(seq, _)| *seq);
    let last = check(entity, after, &loaded.tail)?;
    if last != loaded.head {
        let head = loaded.head;
        return Err(ReadError::Damaged(format!("{entity} stands at {head}, but its events end at {last}")));
    }
    Ok(loaded)
}

pub(super) async fn events_after(
    connection: &mut SqliteConnection,
    entity: &EntityId,
    after: Seq,
    limit: usize,
) -> Result<Vec<Recorded>, ReadError> {
    // A number beyond what a column holds is beyond every head all the same.
    let bound = i64::try_from(after).unwrap_or(i64::MAX).min(i64::MAX - 1);
    // Each commit has at least one event, and the first may lie below `after`.
    let commits = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = sqlx::query(COMMITS_AFTER).bind(entity.as_str()).bind(bound).bind(commits).fetch(connection);
    let mut events = Vec::new();
    while events.len() < limit {
        let Some(row) = rows.try_next().await? else { break };
        let first: i64 = row.try_get(0)?;
        let mut commit = Vec::new();
        extend(&mut commit, first.cast_unsigned(), row.try_get(1)?, row.try_get(2)?)?;
        events.extend(commit.into_iter().filter(|event| event.seq > after));
    }
    events.truncate(limit);
    check(entity, after, &events)?;
    Ok(events)
}

fn extend(events: &mut Vec<Recorded>, first: Seq, at: i64, array: &str) -> Result<(), ReadError> {
    let array = split(array).map_err(|error| ReadError::Damaged(format!("a commit's events are no JSON: {error}")))?;
    let at = Timestamp::from_millis(at);
    events.extend((first..).zip(array).map(|(seq, event)| Recorded { seq, at, event }));
    Ok(())
}

/// Returns the last number when the events go on after `after` without gaps.
fn check(entity: &EntityId, after: Seq, events: &[Recorded]) -> Result<Seq, ReadError> {
    let mut last = after;
    for event in events {
        if event.seq != last + 1 {
            let found = event.seq;
            return Err(ReadError::Damaged(format!("{entity} has event {found} after event {last}")));
        }
        last = event.seq;
    }
    Ok(last)
}
