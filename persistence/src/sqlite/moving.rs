//! What is given out to another engine, and taken in.

use async_trait::async_trait;
use futures::TryStreamExt;
use serde_json::Value as Json;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Row, SqliteConnection};

use super::domains::Domain;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::moving::{Kind, Movable, MovedDomain, Pages, Record, Section, Value, What};
use crate::sql::moving::{self, Dialect, From, Insert, Takes};
use crate::stores::Position;

/// Only there while a move to this file is under way, so it is no part of the schema.
const NOTE_TABLE: &str = "create table if not exists moving (
    one integer not null primary key check (one = 1),
    note text not null
) strict";

const NOTED: &str = "select exists (select 1 from sqlite_schema where type = 'table' and name = 'moving')";

/// Positions go on above ?1; the counter is a row that SQLite keeps.
const RAISE_POSITIONS: [&str; 2] = [
    "insert into sqlite_sequence (name, seq)
     select 'commits', 0 where not exists (select 1 from sqlite_sequence where name = 'commits')",
    "update sqlite_sequence set seq = max(seq, ?1) where name = 'commits'",
];

const POSITION: &str = "select coalesce((select seq from sqlite_sequence where name = 'commits'), 0)";

#[async_trait]
impl<D: Domain> Movable for SqliteStore<D> {
    fn domain(&self) -> &'static MovedDomain {
        D::moved()
    }

    async fn count(&self, section: &Section) -> Result<u64, StoreError> {
        let sql = moving::count(section);
        let count: Option<(i64,)> = self.database.optional(sqlx::query_as(AssertSqlSafe(sql))).await?;
        Ok(count.map_or(0, |(count,)| count.cast_unsigned()))
    }

    async fn export(
        &self,
        section: &'static Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let from = if after.is_some() { From::After } else { From::Beginning };
        let mut arguments = SqliteArguments::default();
        for value in after.unwrap_or_default() {
            bind(&mut arguments, value)?;
        }
        let mut reader = self.database.reader().await?;
        let sql = AssertSqlSafe(moving::select(Dialect::Sqlite, section, from));
        let outcome = async {
            let mut rows = sqlx::query_with(sql, arguments).fetch(&mut *reader);
            while let Some(row) = rows.try_next().await.map_err(Failure::Sqlite)? {
                pages.push(record(section, &row).map_err(Failure::Sqlite)?).await.map_err(Failure::Pages)?;
            }
            Ok(())
        };
        outcome.await.map_err(|failure| match failure {
            Failure::Sqlite(error) => reader.failed(error),
            Failure::Pages(error) => error,
        })
    }

    async fn import(&self, section: &'static Section, records: Vec<Record>) -> Result<(), StoreError> {
        let newest: Vec<Record> = moving::newest(&records).into_iter().cloned().collect();
        let (page, newest) = (document(section, &records), document(section, &newest));
        let inserts = moving::insert(Dialect::Sqlite, section);
        let write = self.database.write(move |connection| {
            let statements: Vec<(String, Option<String>)> = inserts
                .iter()
                .map(|Insert { sql, takes }| {
                    let rows = match takes {
                        Takes::Nothing => None,
                        Takes::Page => Some(page.clone()),
                        Takes::Newest => Some(newest.clone()),
                    };
                    (sql.clone(), rows)
                })
                .collect();
            Box::pin(async move { run(connection, statements).await })
        });
        write.await
    }

    async fn position(&self) -> Result<Position, StoreError> {
        if !has_positions::<D>() {
            return Ok(0);
        }
        let position: Option<(i64,)> = self.database.optional(sqlx::query_as(POSITION)).await?;
        Ok(position.map_or(0, |(position,)| position))
    }

    async fn start_above(&self, position: Position) -> Result<(), StoreError> {
        let write = self.database.write(move |connection| {
            Box::pin(async move {
                for statement in RAISE_POSITIONS {
                    let query = sqlx::query(statement);
                    let query = if statement.contains("?1") { query.bind(position) } else { query };
                    query.execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        if has_positions::<D>() { write.await } else { Ok(()) }
    }

    async fn note(&self) -> Result<Option<String>, StoreError> {
        let noted: Option<(bool,)> = self.database.optional(sqlx::query_as(NOTED)).await?;
        if !noted.is_some_and(|(noted,)| noted) {
            return Ok(None);
        }
        let note: Option<(String,)> = self.database.optional(sqlx::query_as("select note from moving")).await?;
        Ok(note.map(|(note,)| note))
    }

    async fn set_note(&self, note: Option<String>) -> Result<(), StoreError> {
        let write = self.database.write(move |connection| {
            let note = note.clone();
            Box::pin(async move {
                let Some(note) = note else {
                    return sqlx::query("drop table if exists moving").execute(connection).await.map(|_| ());
                };
                sqlx::query(NOTE_TABLE).execute(&mut *connection).await?;
                let put = sqlx::query("insert or replace into moving (one, note) values (1, ?1)").bind(note);
                put.execute(connection).await.map(|_| ())
            })
        });
        write.await
    }
}

/// Commits are what is counted.
fn has_positions<D: Domain>() -> bool {
    D::moved().sections.iter().any(|section| matches!(section.what, What::Commits { .. }))
}

enum Failure {
    Sqlite(sqlx::Error),
    Pages(StoreError),
}

async fn run(connection: &mut SqliteConnection, statements: Vec<(String, Option<String>)>) -> Result<(), sqlx::Error> {
    for (sql, rows) in statements {
        let query = sqlx::query(AssertSqlSafe(sql));
        let query = match rows {
            Some(rows) => query.bind(rows),
            None => query,
        };
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn bind(arguments: &mut SqliteArguments, value: &Value) -> Result<(), StoreError> {
    let added = match value {
        Value::Null => arguments.add(Option::<i64>::None),
        Value::Integer(number) => arguments.add(*number),
        Value::Text(text) => arguments.add(text.clone()),
        Value::Bytes(bytes) => arguments.add(bytes.clone()),
    };
    added.map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn record(section: &Section, row: &SqliteRow) -> Result<Record, sqlx::Error> {
    let value = |(place, kind): (usize, Kind)| {
        Ok(match kind {
            Kind::Text | Kind::Json => row.try_get::<Option<String>, _>(place)?.map_or(Value::Null, Value::Text),
            Kind::Integer | Kind::Flag => row.try_get::<Option<i64>, _>(place)?.map_or(Value::Null, Value::Integer),
            Kind::Bytes | Kind::Uuid => row.try_get::<Option<Vec<u8>>, _>(place)?.map_or(Value::Null, Value::Bytes),
        })
    };
    section.fields.iter().map(|field| field.kind).enumerate().map(value).collect()
}

/// The records as a JSON array of arrays; bytes in hexadecimal.
fn document(section: &Section, records: &[Record]) -> String {
    let cell = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(number) => Json::from(*number),
        Value::Text(text) => Json::from(text.as_str()),
        Value::Bytes(bytes) => Json::from(hex::encode(bytes)),
    };
    let row = |record: &Record| Json::Array(record.iter().take(section.fields.len()).map(cell).collect());
    Json::Array(records.iter().map(row).collect()).to_string()
}
