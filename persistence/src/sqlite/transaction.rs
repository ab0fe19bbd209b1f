//! The statements of one transaction: a few for a whole batch, however many entities are in it.

use std::collections::HashMap;

use souk_domain::aggregate::Seq;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row, SqliteConnection};

use super::document::{Cell, Document};
use super::queue::{Append, Batch};
use super::tables::Table;
use crate::sql::encoding::EncodedCommit;

/// Where commits name another predecessor than the journal's newest event: their place and that event.
pub(super) type Refused = HashMap<usize, Seq>;

/// Begins the transaction too: one message to the connection's thread instead of two.
const BEGIN_AND_FIND_REFUSED: &str = "begin immediate;
     select e.key, coalesce(entities.head, 0)
     from jsonb_each(?1) as e left join entities on entities.id = e.value->>0
     where coalesce(entities.head, 0) <> e.value->>1";

/// ?1 the commits, ?2 their events. The predecessor is named again: should anything else have written
/// since, fewer rows change.
const MOVE_HEADS_AND_INSERT_COMMITS: &str = "
     insert into entities (id, head, last_first, commit_id, at, due_at, unrelayed_since, relayed_to)
     select e.value->>0, e.value->>2, (e.value->>1) + 1, unhex(e.value->>4), e.value->>5, e.value->>6, e.value->>7,
            iif(e.value->>7 is null, e.value->>2, 0)
     from jsonb_each(?1) as e where true
     on conflict (id) do update set
        head = excluded.head, last_first = excluded.last_first, commit_id = excluded.commit_id, at = excluded.at,
        due_at = excluded.due_at,
        unrelayed_since = iif(excluded.unrelayed_since is null, null,
            coalesce(entities.unrelayed_since, excluded.unrelayed_since)),
        relayed_to = max(entities.relayed_to, excluded.relayed_to)
     where entities.head = excluded.last_first - 1;
     insert into commits (entity, first, count, commit_id, at, events)
     select entities.number, (e.value->>1) + 1, e.value->>3, unhex(e.value->>4), e.value->>5,
            cast(substr(?2, e.value->>8, e.value->>9) as text)
     from jsonb_each(?1) as e cross join entities on entities.id = e.value->>0";

const PUT_SNAPSHOTS: &str = "insert into snapshots (entity, seq, version, state)
     select entities.number, e.value->>1, e.value->>2, cast(substr(?2, e.value->>3, e.value->>4) as text)
     from jsonb_each(?1) as e cross join entities on entities.id = e.value->>0 where true
     on conflict (entity) do update set seq = excluded.seq, version = excluded.version, state = excluded.state";

/// Writes the batch inside a transaction that it begins and leaves open.
pub(super) async fn write(connection: &mut SqliteConnection, batch: &mut Batch) -> Result<Refused, Error> {
    let refused = if batch.appends.is_empty() {
        sqlx::query("begin immediate").execute(&mut *connection).await?;
        Refused::new()
    } else {
        append(connection, &batch.appends).await?
    };
    for write in &mut batch.plain {
        write.run(connection).await?;
    }
    Ok(refused)
}

async fn append(connection: &mut SqliteConnection, appends: &[Append]) -> Result<Refused, Error> {
    let all: Vec<&EncodedCommit> = appends.iter().map(|append| &append.commit).collect();
    let (rows, events) = document(&all, |commit| Some(&commit.row)).finish();
    let refused = begin_and_find_refused(connection, rows.clone()).await?;
    if refused.is_empty() {
        write_commits(connection, &all, rows, events).await?;
    } else {
        let places = all.into_iter().enumerate().filter(|(place, _)| !refused.contains_key(place));
        let accepted: Vec<&EncodedCommit> = places.map(|(_, commit)| commit).collect();
        let (rows, events) = document(&accepted, |commit| Some(&commit.row)).finish();
        write_commits(connection, &accepted, rows, events).await?;
    }
    Ok(refused)
}

async fn begin_and_find_refused(connection: &mut SqliteConnection, commits: String) -> Result<Refused, Error> {
    let rows = sqlx::query(BEGIN_AND_FIND_REFUSED).bind(commits).fetch_all(connection).await?;
    let refused = |row: &SqliteRow| -> Result<(usize, Seq), Error> {
        let (place, head): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok((place as usize, head.cast_unsigned()))
    };
    rows.iter().map(refused).collect()
}

async fn write_commits(
    connection: &mut SqliteConnection,
    accepted: &[&EncodedCommit],
    rows: String,
    events: Vec<u8>,
) -> Result<(), Error> {
    if accepted.is_empty() {
        return Ok(());
    }
    let statements = sqlx::query(MOVE_HEADS_AND_INSERT_COMMITS).bind(rows).bind(events);
    let changed = statements.execute(&mut *connection).await?.rows_affected();
    if changed != 2 * accepted.len() as u64 {
        return Err(Error::Protocol(format!("{changed} rows changed for {} commits", accepted.len())));
    }
    execute(connection, PUT_SNAPSHOTS, document(accepted, |commit| commit.snapshot.as_ref())).await?;
    write_rows(connection, accepted).await
}

async fn write_rows(connection: &mut SqliteConnection, accepted: &[&EncodedCommit]) -> Result<(), Error> {
    for table in Table::ALL {
        let mut rows = Document::default();
        for row in accepted.iter().flat_map(|commit| &commit.rows).filter(|row| row.table == table) {
            rows.push(&row.cells);
        }
        execute(connection, table.statement(), rows).await?;
    }
    Ok(())
}

fn document<'a, const N: usize>(
    commits: &[&'a EncodedCommit],
    cells: impl Fn(&'a EncodedCommit) -> Option<&'a [Cell; N]>,
) -> Document {
    let mut document = Document::default();
    for cells in commits.iter().filter_map(|commit| cells(commit)) {
        document.push(cells);
    }
    document
}

async fn execute(connection: &mut SqliteConnection, statement: &'static str, rows: Document) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let (rows, texts) = rows.finish();
    sqlx::query(statement).bind(rows).bind(texts).execute(connection).await?;
    Ok(())
}
