//! What is given out to another engine, and taken in.

use async_trait::async_trait;
use futures::TryStreamExt;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Connection, PgConnection, Postgres, Row, Transaction};

use super::domains::Domain;
use super::store::PostgresStore;
use super::text;
use crate::error::StoreError;
use crate::moving::{Kind, Movable, MovedDomain, Pages, Record, Section, Value};
use crate::sql::moving::{self, Dialect, From, Insert, Takes};

/// Only there while a move to this schema is under way, so it is no part of it.
const NOTE_TABLE: &str =
    "create table if not exists moving (one bigint not null primary key check (one = 1), note text not null)";

/// One statement reads a whole section. It takes as long as it takes, and its rows are read as they come.
const READING: [&str; 2] = ["set transaction read only", "set local statement_timeout = 0"];

#[async_trait]
impl<D: Domain> Movable for PostgresStore<D> {
    fn domain(&self) -> &'static MovedDomain {
        D::moved()
    }

    async fn count(&self, section: &Section) -> Result<u64, StoreError> {
        let mut loan = self.database.reader().await?;
        let sql = AssertSqlSafe(moving::count(section));
        let counted = async {
            let mut reading = begin(&mut loan.connection).await?;
            let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *reading).await?;
            reading.commit().await?;
            Ok(count)
        };
        let counted = counted.await;
        Ok(loan.give_back(counted)?.cast_unsigned())
    }

    async fn export(
        &self,
        section: &'static Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let from = if after.is_some() { From::After } else { From::Beginning };
        let mut arguments = PgArguments::default();
        for value in after.unwrap_or_default() {
            bind(&mut arguments, value)?;
        }
        let sql = AssertSqlSafe(moving::select(Dialect::Postgres, section, from));
        // Where this ends early the connection is in the middle of something: it is dropped, and so closed.
        let mut loan = self.database.reader().await?;
        let mut reading = begin(&mut loan.connection).await?;
        {
            let mut rows = sqlx::query_with(sql, arguments).fetch(&mut *reading);
            while let Some(row) = rows.try_next().await? {
                pages.push(record(section, &row)?).await?;
            }
        }
        let ended = reading.commit().await;
        Ok(loan.give_back(ended)?)
    }

    async fn import(&self, section: &'static Section, records: Vec<Record>) -> Result<(), StoreError> {
        let inserts = moving::insert(Dialect::Postgres, section);
        let write = self.database.transaction(move |connection| {
            Box::pin(async move {
                let all: Vec<&Record> = records.iter().collect();
                for Insert { sql, takes } in inserts {
                    let arguments = match takes {
                        Takes::Nothing => PgArguments::default(),
                        Takes::Page => columns(section, &all).map_err(sqlx::Error::Encode)?,
                        Takes::Newest => columns(section, &moving::newest(&records)).map_err(sqlx::Error::Encode)?,
                    };
                    sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        write.await
    }

    async fn note(&self) -> Result<Option<String>, StoreError> {
        let noted: Option<(bool,)> =
            self.database.optional(sqlx::query_as("select to_regclass('moving') is not null")).await?;
        if !noted.is_some_and(|(noted,)| noted) {
            return Ok(None);
        }
        let note: Option<(String,)> = self.database.optional(sqlx::query_as("select note from moving")).await?;
        Ok(note.map(|(note,)| note))
    }

    async fn set_note(&self, note: Option<String>) -> Result<(), StoreError> {
        let write = self.database.transaction(move |connection| Box::pin(put_note(connection, note)));
        write.await
    }
}

async fn put_note(connection: &mut PgConnection, note: Option<String>) -> Result<(), sqlx::Error> {
    let Some(note) = note else {
        return sqlx::query("drop table if exists moving").execute(connection).await.map(|_| ());
    };
    // Not by `if not exists` alone: the server would say so each time, amid the progress.
    let known: bool =
        sqlx::query_scalar("select to_regclass('moving') is not null").fetch_one(&mut *connection).await?;
    if !known {
        sqlx::query(NOTE_TABLE).execute(&mut *connection).await?;
    }
    let put = "insert into moving (one, note) values (1, $1) on conflict (one) do update set note = excluded.note";
    sqlx::query(put).bind(note).execute(connection).await.map(|_| ())
}

async fn begin(connection: &mut PgConnection) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for statement in READING {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    Ok(transaction)
}

fn bind(arguments: &mut PgArguments, value: &Value) -> Result<(), StoreError> {
    let added = match value {
        Value::Null => arguments.add(Option::<i64>::None),
        Value::Integer(number) => arguments.add(*number),
        Value::Text(text) => arguments.add(text::kept(text).into_owned()),
        Value::Bytes(bytes) => arguments.add(bytes.clone()),
    };
    added.map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn record(section: &Section, row: &PgRow) -> Result<Record, sqlx::Error> {
    let value = |(place, kind): (usize, Kind)| {
        Ok(match kind {
            Kind::Text => {
                row.try_get::<Option<String>, _>(place)?.map_or(Value::Null, |kept| Value::Text(text::given(kept)))
            }
            Kind::Json => row.try_get::<Option<String>, _>(place)?.map_or(Value::Null, Value::Text),
            Kind::Integer | Kind::Flag => row.try_get::<Option<i64>, _>(place)?.map_or(Value::Null, Value::Integer),
            Kind::Bytes | Kind::Uuid => row.try_get::<Option<Vec<u8>>, _>(place)?.map_or(Value::Null, Value::Bytes),
        })
    };
    section.fields.iter().map(|field| field.kind).enumerate().map(value).collect()
}

/// An array for each field.
fn columns(section: &Section, records: &[&Record]) -> Result<PgArguments, sqlx::error::BoxDynError> {
    let mut arguments = PgArguments::default();
    for (place, field) in section.fields.iter().enumerate() {
        let values = records.iter().map(|record| record.get(place).unwrap_or(&Value::Null));
        match field.kind {
            Kind::Integer | Kind::Flag => arguments.add(values.map(Value::integer).collect::<Vec<_>>())?,
            Kind::Text => {
                let kept = values.map(|value| value.text().map(|text| text::kept(text).into_owned()));
                arguments.add(kept.collect::<Vec<_>>())?;
            }
            Kind::Json => arguments.add(values.map(|value| value.text().map(str::to_owned)).collect::<Vec<_>>())?,
            Kind::Bytes | Kind::Uuid => {
                arguments.add(values.map(|value| value.bytes().map(hex::encode)).collect::<Vec<_>>())?;
            }
        }
    }
    Ok(arguments)
}
