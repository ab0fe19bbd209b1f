//! The one statement that writes a batch, and with it the transaction: no round trip more, no lock held while a node
//! sleeps between two statements, and either all of it is written or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use souk_domain::aggregate::Seq;
use sqlx::{AssertSqlSafe, Error, PgConnection, SqlSafeStr, SqlStr};

use super::columns::{Columns, Kind};
use super::tables::{self, Form};
use crate::sql::cell::Cell;
use crate::sql::encoding::EncodedCommit;
use crate::sql::rows::Table;

/// As in [`EncodedCommit::row`].
const COMMIT: [Kind; 9] = [
    Kind::Text,
    Kind::Integer,
    Kind::Integer,
    Kind::Integer,
    Kind::Text,
    Kind::Integer,
    Kind::Integer,
    Kind::Integer,
    Kind::Text,
];

/// As in [`EncodedCommit::snapshot`].
const SNAPSHOT: [Kind; 4] = [Kind::Text, Kind::Integer, Kind::Integer, Kind::Text];

/// The rows come sorted by id, and so do their locks: two batches never wait for each other. The first condition refuses
/// what was stale when the statement began, and a commit after a predecessor that never was; the last one what another
/// node overtook since.
const MOVE_HEADS: &str = "
    moved as (
        insert into entities as e (id, head, last_first, commit_id, at, due_at, unrelayed_since, relayed_to)
        select b.id, b.head, b.predecessor + 1, b.commit_id::uuid, b.at, b.due_at, b.unrelayed_since,
               case when b.unrelayed_since is null then b.head else 0 end
        from batch as b
        where b.predecessor = coalesce((select it.head from entities as it where it.id = b.id), 0)
        on conflict (id) do update set
            head = excluded.head, last_first = excluded.last_first, commit_id = excluded.commit_id, at = excluded.at,
            due_at = excluded.due_at,
            unrelayed_since = case when excluded.unrelayed_since is null then null
                else coalesce(e.unrelayed_since, excluded.unrelayed_since) end,
            relayed_to = greatest(e.relayed_to, excluded.relayed_to)
        where e.head = excluded.last_first - 1
        returning e.number, e.id
    ),
    put_commits as (
        insert into commits (entity, first, count, commit_id, at, events)
        select m.number, b.predecessor + 1, b.count, b.commit_id::uuid, b.at, b.events
        from batch as b join moved as m on m.id = b.id
    )";

/// The heads of what was refused are read afterwards: in the statement's own snapshot they may be old.
const HEADS: &str = "select id, head from entities where id = any($1)";

/// The statement of a domain.
#[derive(Debug, Clone)]
pub(super) struct BatchStatement {
    sql: SqlStr,
    tables: &'static [Table],
}

impl BatchStatement {
    pub(super) fn new(tables: &'static [Table]) -> Self {
        let mut parameters = 0;
        let mut sql = format!(
            "with batch as materialized (select * from {}),{MOVE_HEADS}",
            unnest(
                &mut parameters,
                COMMIT,
                "batch (id, predecessor, head, count, commit_id, at, due_at, unrelayed_since, events)"
            ),
        );
        // Writing to a string cannot fail.
        let _ = write!(
            sql,
            ",
    put_snapshots as (
        insert into snapshots (entity, seq, version, state)
        select m.number, s.seq, s.version, s.state from {} join moved as m on m.id = s.id
        on conflict (entity) do update set seq = excluded.seq, version = excluded.version, state = excluded.state
    )",
            unnest(&mut parameters, SNAPSHOT, "s (id, seq, version, state)"),
        );
        for form in tables.iter().filter_map(|table| tables::form(*table)) {
            put(&mut sql, &mut parameters, form);
        }
        sql.push_str("\n    select id from moved");
        Self { sql: AssertSqlSafe(sql).into_sql_str(), tables }
    }

    /// What a batch binds: the commits must be sorted by their entities' ids.
    ///
    /// # Errors
    /// A sentence when a commit has rows that the store does not keep.
    pub(super) fn columns<'c>(&self, commits: &[&'c EncodedCommit]) -> Result<Vec<Columns<'c>>, String> {
        let mut batch = Columns::new(COMMIT);
        let mut snapshots = Columns::new(SNAPSHOT);
        for commit in commits {
            batch.push(&commit.row)?;
            if let Some(snapshot) = &commit.snapshot {
                snapshots.push(snapshot)?;
            }
            if let Some(row) = commit.rows.iter().find(|row| !self.tables.contains(&row.table)) {
                return Err(format!(
                    "{} writes a row of {:?}, which this store does not keep",
                    commit.entity, row.table
                ));
            }
        }
        let mut all = vec![batch, snapshots];
        for (table, form) in self.tables.iter().filter_map(|table| tables::form(*table).map(|form| (*table, form))) {
            let mut rows = Columns::new(form.kinds());
            for (written_by, cells) in newest_rows(commits, table, form) {
                rows.push([written_by].into_iter().chain(cells))?;
            }
            all.push(rows);
        }
        Ok(all)
    }

    /// Carries it out; when it returns `Ok` it is durable. Returns the ids of the entities whose commits were accepted.
    pub(super) async fn run(
        &self,
        connection: &mut PgConnection,
        columns: &[Columns<'_>],
    ) -> Result<HashSet<String>, Error> {
        let query = columns.iter().fold(sqlx::query_as(self.sql.clone()), |query, columns| columns.bind(query));
        // All rows, and so up to the server's word that the transaction is over: the rows come before the commit does.
        let moved: Vec<(String,)> = query.fetch_all(connection).await?;
        Ok(moved.into_iter().map(|(id,)| id).collect())
    }
}

/// The newest heads of these entities; unknown ones are left out.
pub(super) async fn heads(connection: &mut PgConnection, ids: Vec<&str>) -> Result<HashMap<String, Seq>, Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(HEADS).bind(ids).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(id, head)| (id, head.cast_unsigned())).collect())
}

/// Of rows with the same key only the last one: a statement cannot write a row twice.
fn newest_rows<'c>(
    commits: &[&'c EncodedCommit],
    table: Table,
    form: &Form,
) -> impl Iterator<Item = (&'c Cell, &'c [Cell])> {
    let mut newest: BTreeMap<Vec<&'c str>, (&'c Cell, &'c [Cell])> = BTreeMap::new();
    for commit in commits {
        for row in commit.rows.iter().filter(|row| row.table == table) {
            let key = row.cells[..form.key].iter().filter_map(Cell::text).collect();
            newest.insert(key, (&commit.row[0], &row.cells));
        }
    }
    newest.into_values()
}

/// `unnest($1::text[], $2::bigint[]) as NAMES`
fn unnest(parameters: &mut usize, kinds: impl IntoIterator<Item = Kind>, names: &str) -> String {
    let arrays: Vec<String> = kinds
        .into_iter()
        .map(|kind| {
            *parameters += 1;
            format!("${parameters}::{}", kind.array())
        })
        .collect();
    format!("unnest({}) as {names}", arrays.join(", "))
}

/// Rows of a read model, of the commits that were accepted: each replaces the row with its key.
fn put(sql: &mut String, parameters: &mut usize, form: &Form) {
    let Form { name, columns, key } = form;
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let values: Vec<String> = columns.iter().map(|column| column.value("r")).collect();
    let rows = unnest(parameters, form.kinds(), &format!("r (written_by, {})", names.join(", ")));
    let replaced: Vec<String> = names[*key..].iter().map(|name| format!("{name} = excluded.{name}")).collect();
    // Writing to a string cannot fail.
    let _ = write!(
        sql,
        ",
    put_{name} as (
        insert into {name} ({})
        select {} from {rows} join moved as m on m.id = r.written_by
        on conflict ({}) do update set {}
    )",
        names.join(", "),
        values.join(", "),
        names[..*key].join(", "),
        replaced.join(", "),
    );
}
