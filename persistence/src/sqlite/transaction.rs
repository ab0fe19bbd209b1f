//! The statements of one transaction: a few for a whole batch, however many entities are in it.

use std::collections::HashMap;

use sqlx::{Error, Row, SqliteConnection};

use super::document::Document;
use super::encoding::EncodedCommit;
use super::queue::{Append, Batch};
use super::tables::Table;
use souk_domain::aggregate::Seq;

/// Where commits name another predecessor than the journal's newest event: their place and that event.
pub(super) type Refused = HashMap<usize, Seq>;

const REFUSED: &str = "select e.key, coalesce(entities.head, 0)
     from json_each(?1) as e left join entities on entities.id = e.value->>0
     where coalesce(entities.head, 0) <> e.value->>1";

/// Names the predecessor again: should anything else have written since, it moves fewer heads.
const MOVE_HEADS: &str = "insert into entities (id, head, last_first, commit_id, at, due_at)
     select e.value->>0, e.value->>2, e.value->>3, unhex(e.value->>4), e.value->>5, e.value->>6
     from json_each(?1) as e where true
     on conflict (id) do update set
        head = excluded.head, last_first = excluded.last_first, commit_id = excluded.commit_id, at = excluded.at,
        due_at = excluded.due_at
     where entities.head = excluded.last_first - 1";

const INSERT_COMMITS: &str = "insert into commits (entity, first, count, commit_id, at, events)
     select e.value->>0, e.value->>1, e.value->>2, unhex(e.value->>3), e.value->>4,
            cast(substr(?2, e.value->>5, e.value->>6) as text)
     from json_each(?1) as e";

const PUT_SNAPSHOTS: &str = "insert into snapshots (entity, seq, version, state)
     select e.value->>0, e.value->>1, e.value->>2, cast(substr(?2, e.value->>3, e.value->>4) as text)
     from json_each(?1) as e where true
     on conflict (entity) do update set seq = excluded.seq, version = excluded.version, state = excluded.state";

/// Writes the batch inside a transaction that it begins and leaves open.
pub(super) async fn write(connection: &mut SqliteConnection, batch: &mut Batch) -> Result<Refused, Error> {
    sqlx::query("begin immediate").execute(&mut *connection).await?;
    let refused = append(connection, &batch.appends).await?;
    for write in &mut batch.plain {
        write.run(connection).await?;
    }
    Ok(refused)
}

async fn append(connection: &mut SqliteConnection, appends: &[Append]) -> Result<Refused, Error> {
    let mut heads = Document::default();
    for append in appends {
        heads.push(&append.commit.heads);
    }
    if heads.is_empty() {
        return Ok(Refused::new());
    }
    let heads = heads.finish().0;
    let refused = find_refused(connection, heads.clone()).await?;
    let accepted: Vec<&EncodedCommit> = appends
        .iter()
        .enumerate()
        .filter(|(place, _)| !refused.contains_key(place))
        .map(|(_, append)| &append.commit)
        .collect();
    let heads = if refused.is_empty() { heads } else { document(&accepted, |commit| Some(&commit.heads)).finish().0 };
    let moved = sqlx::query(MOVE_HEADS).bind(heads).execute(&mut *connection).await?.rows_affected();
    if moved != accepted.len() as u64 {
        return Err(Error::Protocol(format!("{moved} of {} heads moved", accepted.len())));
    }
    execute(connection, INSERT_COMMITS, document(&accepted, |commit| Some(&commit.commit))).await?;
    execute(connection, PUT_SNAPSHOTS, document(&accepted, |commit| commit.snapshot.as_ref())).await?;
    write_rows(connection, &accepted).await?;
    Ok(refused)
}

async fn find_refused(connection: &mut SqliteConnection, heads: String) -> Result<Refused, Error> {
    let rows = sqlx::query(REFUSED).bind(heads).fetch_all(connection).await?;
    let refused = |row: &sqlx::sqlite::SqliteRow| -> Result<(usize, Seq), Error> {
        let (place, head): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok((place as usize, head.cast_unsigned()))
    };
    rows.iter().map(refused).collect()
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
    cells: impl Fn(&'a EncodedCommit) -> Option<&'a [super::document::Cell; N]>,
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
