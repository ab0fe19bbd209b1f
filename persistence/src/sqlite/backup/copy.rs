//! A file copied from within its read transaction: what `vacuum into` does, which can't run inside of one.

use std::path::Path;

use sqlx::{Row, SqliteConnection};

use super::BackupError;

/// A table, an index, a trigger, a view.
struct Object {
    kind: String,
    name: String,
    sql: String,
}

/// Copies everything in `source` into `main`, where nothing is yet, and ends the transaction.
pub(super) async fn copy(connection: &mut SqliteConnection, path: &Path) -> Result<(), BackupError> {
    copy_all(connection).await.map_err(BackupError::sql(path))
}

async fn copy_all(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let objects = objects(connection).await?;
    let (tables, others): (Vec<&Object>, Vec<&Object>) = objects.iter().partition(|object| object.kind == "table");
    for Object { name, sql, .. } in tables {
        execute(connection, sql.clone()).await?;
        let name = quoted(name);
        // Between two tables of one form SQLite moves rows as they are, with their row ids.
        execute(connection, format!("insert into main.{name} select * from source.{name}")).await?;
    }
    // The counters of tables that never give a number twice; SQLite makes this table itself.
    let counted = "select count(*) from source.sqlite_schema where name = 'sqlite_sequence'";
    if sqlx::query_scalar::<_, i64>(counted).fetch_one(&mut *connection).await? > 0 {
        execute(connection, "delete from main.sqlite_sequence".to_owned()).await?;
        let all = "insert into main.sqlite_sequence select * from source.sqlite_sequence";
        execute(connection, all.to_owned()).await?;
    }
    // Indexes are quicker made of what is there; triggers must not run for what is copied.
    for Object { sql, .. } in others {
        execute(connection, sql.clone()).await?;
    }
    for pragma in ["user_version", "application_id"] {
        let value: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("pragma source.{pragma}")))
            .fetch_one(&mut *connection)
            .await?;
        execute(connection, format!("pragma main.{pragma} = {value}")).await?;
    }
    execute(connection, "commit".to_owned()).await?;
    execute(connection, "detach source".to_owned()).await
}

async fn objects(connection: &mut SqliteConnection) -> Result<Vec<Object>, sqlx::Error> {
    // Those without text are indexes that belong to a table; SQLite's own tables come by themselves.
    let query = "select type, name, sql from source.sqlite_schema
                 where sql is not null and name not like 'sqlite\\_%' escape '\\'
                 order by type = 'table' desc, type = 'index' desc, rowid";
    let rows = sqlx::query(query).fetch_all(connection).await?;
    let object = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Object { kind: row.try_get(0)?, name: row.try_get(1)?, sql: row.try_get(2)? })
    };
    rows.iter().map(object).collect()
}

/// The texts come from the schema of our own files.
async fn execute(connection: &mut SqliteConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.map(|_| ())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
