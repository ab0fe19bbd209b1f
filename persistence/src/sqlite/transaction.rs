//! The statements of one transaction: a few for a whole batch, however many entities are in it. Where nothing
//! stands in the way they go to SQLite's thread as one message, `begin` and `commit` too.

use std::collections::HashMap;

use souk_domain::aggregate::Seq;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row, SqliteConnection};

use super::document::{Cell, Document};
use super::queue::{Append, Batch};
use super::script::{Script, Stopped};
use super::tables::Table;
use crate::sql::encoding::EncodedCommit;

/// Where commits name another predecessor than the journal's newest event: their place and that event.
pub(super) type Refused = HashMap<usize, Seq>;

const BEGIN: &str = "begin immediate";
const COMMIT: &str = "commit";

/// Begins the transaction too: one message to the connection's thread instead of two.
const BEGIN_AND_FIND_REFUSED: &str = "begin immediate;
     select e.key, coalesce(entities.head, 0)
     from jsonb_each(?) as e left join entities on entities.id = e.value->>0
     where coalesce(entities.head, 0) <> e.value->>1";

/// A head that is not where its commit's predecessor is stays where it is.
const MOVE_HEADS: &str = "
     insert into entities (id, head, last_first, commit_id, at, due_at, unrelayed_since, relayed_to)
     select e.value->>0, e.value->>2, (e.value->>1) + 1, unhex(e.value->>4), e.value->>5, e.value->>6, e.value->>7,
            iif(e.value->>7 is null, e.value->>2, 0)
     from jsonb_each(?) as e
     where e.value->>1 = 0 or exists (select 1 from entities where entities.id = e.value->>0)
     on conflict (id) do update set
        head = excluded.head, last_first = excluded.last_first, commit_id = excluded.commit_id, at = excluded.at,
        due_at = excluded.due_at,
        unrelayed_since = iif(excluded.unrelayed_since is null, null,
            coalesce(entities.unrelayed_since, excluded.unrelayed_since)),
        relayed_to = max(entities.relayed_to, excluded.relayed_to)
     where entities.head = excluded.last_first - 1";

/// A commit whose head was not moved finds no entity and breaks the rule that it must have one: so whatever else
/// is in the script, nothing of it is written.
const INSERT_COMMITS: &str = "
     insert into commits (entity, first, count, commit_id, at, events)
     select (select number from entities where entities.id = e.value->>0 and commit_id = unhex(e.value->>4)),
            (e.value->>1) + 1, e.value->>3, unhex(e.value->>4), e.value->>5,
            cast(substr(?, e.value->>8, e.value->>9) as text)
     from jsonb_each(?) as e";

const PUT_SNAPSHOTS: &str = "insert into snapshots (entity, seq, version, state)
     select entities.number, e.value->>1, e.value->>2, cast(substr(?, e.value->>3, e.value->>4) as text)
     from jsonb_each(?) as e cross join entities on entities.id = e.value->>0 where true
     on conflict (entity) do update set seq = excluded.seq, version = excluded.version, state = excluded.state";

/// A transaction that is not written.
pub(super) enum Failure {
    /// `commit` was not reached.
    Before(Error),
    AtCommit(Error),
}

/// Writes the batch if it has nothing but appends, none of which is refused: one message to the connection's thread.
/// A batch that fails otherwise, with a rule of the schema, says nothing about which of its commits is at fault.
pub(super) async fn write_at_once(connection: &mut SqliteConnection, appends: &[Append]) -> Result<(), Failure> {
    let commits: Vec<&EncodedCommit> = appends.iter().map(|append| &append.commit).collect();
    let mut script = Script::default();
    script.push(BEGIN);
    push_commits(&mut script, &commits).map_err(Failure::Before)?;
    script.push(COMMIT);
    let before_commit = script.len() - 1;
    script.run(connection).await.map_err(|Stopped { done, error }| {
        if done < before_commit { Failure::Before(error) } else { Failure::AtCommit(error) }
    })
}

/// Writes the batch step by step, without the commits that are refused, inside a transaction that it begins.
pub(super) async fn write(connection: &mut SqliteConnection, batch: &mut Batch) -> Result<Refused, Failure> {
    let refused = write_open(connection, batch).await.map_err(Failure::Before)?;
    sqlx::query(COMMIT).execute(connection).await.map_err(Failure::AtCommit)?;
    Ok(refused)
}

async fn write_open(connection: &mut SqliteConnection, batch: &mut Batch) -> Result<Refused, Error> {
    let refused = if batch.appends.is_empty() {
        sqlx::query(BEGIN).execute(&mut *connection).await?;
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
    let rows = document(&all, |commit| Some(&commit.row)).rows();
    let refused = begin_and_find_refused(connection, rows).await?;
    let places = all.into_iter().enumerate().filter(|(place, _)| !refused.contains_key(place));
    let accepted: Vec<&EncodedCommit> = places.map(|(_, commit)| commit).collect();
    if !accepted.is_empty() {
        let mut script = Script::default();
        push_commits(&mut script, &accepted)?;
        script.run(connection).await.map_err(|stopped| stopped.error)?;
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

fn push_commits(script: &mut Script, commits: &[&EncodedCommit]) -> Result<(), Error> {
    let heads = document(commits, |commit| Some(&commit.row));
    script.push_rows(MOVE_HEADS, heads.rows())?;
    script.push_document(INSERT_COMMITS, heads)?;
    script.push_document(PUT_SNAPSHOTS, document(commits, |commit| commit.snapshot.as_ref()))?;
    for table in Table::ALL {
        let mut rows = Document::default();
        for row in commits.iter().flat_map(|commit| &commit.rows).filter(|row| row.table == table) {
            rows.push(&row.cells);
        }
        script.push_document(table.statement(), rows)?;
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
