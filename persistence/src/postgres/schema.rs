//! Bringing a schema up to date, by one node at a time.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::errors::{OpenError, Place, code};
use super::opening::Server;
use crate::sql::versions::{self, APPLIED, Stranger};

/// How long another node may take to change the schema.
const PATIENCE: Duration = Duration::from_secs(120);

/// Returns the version of the schema; 0 where there is none.
///
/// # Errors
/// When it is newer than this program, or another's.
pub(super) async fn check(session: &mut PgConnection, place: &Place, migrator: &Migrator) -> Result<i64, OpenError> {
    let failed = |error: sqlx::Error| place.failed("read the schema", &error);
    let migrated = sqlx::query_scalar("select to_regclass(quote_ident($1) || '._sqlx_migrations') is not null");
    let migrated: bool = migrated.bind(&place.schema).fetch_one(&mut *session).await.map_err(failed)?;
    if !migrated {
        return Ok(0);
    }
    let applied = sqlx::query_as(APPLIED).fetch_all(session).await.map_err(failed)?;
    let (key, place, schema) = place.named();
    versions::compare(applied, migrator).map_err(|stranger| match stranger {
        Stranger::Other { version } => OpenError::OtherSchema { key, place, schema, version },
        Stranger::Newer { version, known } => OpenError::NewerSchema { key, place, schema, version, known },
    })
}

/// Creates the schema where it is missing and runs the migrations that it lacks.
pub(super) async fn migrate(server: &Server, migrator: &Migrator, timeout: Duration) -> Result<(), OpenError> {
    let place = &server.place;
    // A migration of a large table takes as long as it takes.
    let millis = PATIENCE.as_millis().to_string();
    let connect = server.connect.clone().options([("statement_timeout", "0"), ("lock_timeout", &millis)]);
    let mut session = Server { connect, place: place.clone() }.session(timeout).await?;

    // Held until the session ends. The same for all nodes, and another for each schema.
    let locked = sqlx::query("select pg_advisory_lock(hashtextextended('souk migrations ' || $1, 0))");
    locked.bind(&place.schema).execute(&mut session).await.map_err(|error| match code(&error) {
        Some("55P03") => {
            let (key, place, schema) = place.named();
            OpenError::BeingMigrated { key, place, schema, seconds: PATIENCE.as_secs() }
        }
        _ => place.failed("wait for other nodes", &error),
    })?;
    let migrated = migrate_locked(&mut session, place, migrator).await;
    // An error: the server ends the session, and the lock with it, all the same.
    let _ = session.close().await;
    migrated
}

async fn migrate_locked(session: &mut PgConnection, place: &Place, migrator: &Migrator) -> Result<(), OpenError> {
    let schema = &place.schema;
    let there: bool = sqlx::query_scalar("select exists (select from pg_namespace where nspname = $1)")
        .bind(schema)
        .fetch_one(&mut *session)
        .await
        .map_err(|error| place.failed("read the schema", &error))?;
    if !there {
        // The name has nothing but letters, digits and underscores.
        let create = sqlx::query(AssertSqlSafe(format!("create schema {schema}")));
        create.execute(&mut *session).await.map_err(|error| place.failed("create a schema", &error))?;
    }
    // Another node may have been here while we waited.
    if check(session, place, migrator).await? == versions::newest(migrator) {
        return Ok(());
    }
    // The library would lock the whole database, and other schemas with it.
    let mut alone = Migrator::with_migrations(migrator.iter().cloned().collect());
    alone.set_locking(false);
    alone.run_direct(None, session, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            place.failed("create tables", &error)
        }
        other => {
            let (key, place, _) = place.named();
            OpenError::Failed { key, place, reason: other.to_string() }
        }
    })
}
