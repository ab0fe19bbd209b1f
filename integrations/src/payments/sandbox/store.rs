//! The sandbox's file.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection};

use super::change::{CaptureRow, Change, IntentRow, KeyRow, RefundRow, WebhookRow};
use super::ledger::Ledger;

const FILE: &str = "sandbox.db";
const LOCK: &str = "sandbox.lock";
const SCHEMA_VERSION: i64 = 2;

/// A capture's primary key is its intent: a second one would fail its whole transaction.
const SCHEMA: &str = "
create table if not exists intents (
    reference text primary key,
    merchant_reference text not null,
    amount integer not null check (amount > 0),
    currency text not null,
    status text not null,
    reason text,
    ready_at integer,
    changed_at integer not null
) strict, without rowid;
create table if not exists captures (
    intent text primary key,
    amount integer not null,
    captured_at integer not null
) strict, without rowid;
create table if not exists refunds (
    reference text primary key,
    intent text not null,
    amount integer not null check (amount > 0),
    refunded_at integer not null
) strict, without rowid;
create table if not exists idempotency_keys (
    key text primary key,
    operation text not null,
    intent text not null,
    request text not null,
    refund text
) strict, without rowid;
";

/// What version 2 has beyond version 1.
const SCHEMA_2: &str = "
alter table intents add column announcing text not null default 'once';
create table webhooks (
    id text primary key,
    intent text not null,
    kind text not null,
    created_at integer not null,
    twice integer not null,
    attempts integer not null,
    next_at integer not null
) strict, without rowid;
pragma user_version = 2;
";

/// Why the sandbox's file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the payment sandbox's folder can't be made: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the payment sandbox's file can't be used: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the payment sandbox's file is of version {found}, and this program knows version {SCHEMA_VERSION}")]
    Version { found: i64 },
    #[error("another payment sandbox runs on this folder: stop it first")]
    InUse,
    #[error("the payment sandbox's file is damaged: {0}")]
    Damaged(String),
}

/// Keeps a second sandbox away from a folder for as long as the file lives.
///
/// # Errors
/// When another one runs there, or the folder can't be written.
pub fn lock(folder: &Path) -> Result<std::fs::File, StoreError> {
    std::fs::create_dir_all(folder)?;
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

pub(super) async fn open(folder: &Path) -> Result<SqliteConnection, StoreError> {
    std::fs::create_dir_all(folder)?;
    let options = SqliteConnectOptions::new().filename(folder.join(FILE)).create_if_missing(true);
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
    // Fewer checkpoints, and room for the pages between them.
    let options = options.pragma("wal_autocheckpoint", "8192").pragma("cache_size", "-65536");
    let options = options.pragma("temp_store", "memory").thread_name(|_| FILE.to_owned());
    let mut connection = options.disable_statement_logging().connect().await?;
    let steps: &[&str] = match version(&mut connection).await? {
        0 => &[SCHEMA, SCHEMA_2],
        1 => &[SCHEMA_2],
        SCHEMA_VERSION => &[],
        found => return Err(StoreError::Version { found }),
    };
    let mut transaction = connection.begin().await?;
    for step in steps {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(connection)
}

/// Opens the file to read only; it may be in use.
pub(super) fn is_there(folder: &Path) -> bool {
    folder.join(FILE).exists()
}

pub(super) async fn open_to_read(folder: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new().filename(folder.join(FILE)).read_only(true);
    let mut connection = options.disable_statement_logging().connect().await?;
    match version(&mut connection).await? {
        SCHEMA_VERSION => Ok(connection),
        found => Err(StoreError::Version { found }),
    }
}

pub(super) async fn load(connection: &mut SqliteConnection) -> Result<Ledger, StoreError> {
    // One transaction: the tables belong together, also when another process writes them.
    let mut transaction = connection.begin().await?;
    let captures: Vec<CaptureRow> =
        sqlx::query_as("select intent, amount, captured_at from captures").fetch_all(&mut *transaction).await?;
    let refunds: Vec<RefundRow> = sqlx::query_as("select reference, intent, amount, refunded_at from refunds")
        .fetch_all(&mut *transaction)
        .await?;
    let intents: Vec<IntentRow> = sqlx::query_as(
        "select reference, merchant_reference, amount, currency, status, reason, ready_at, changed_at, announcing
         from intents",
    )
    .fetch_all(&mut *transaction)
    .await?;
    let keys: Vec<KeyRow> = sqlx::query_as("select key, operation, intent, request, refund from idempotency_keys")
        .fetch_all(&mut *transaction)
        .await?;
    let webhooks: Vec<WebhookRow> =
        sqlx::query_as("select id, intent, kind, created_at, twice, attempts, next_at from webhooks")
            .fetch_all(&mut *transaction)
            .await?;
    transaction.rollback().await?;

    let captured: HashMap<_, _> = captures.into_iter().map(|capture| (capture.intent, capture.amount)).collect();
    let mut refunded: HashMap<String, i64> = HashMap::new();
    for refund in refunds {
        *refunded.entry(refund.intent).or_default() += refund.amount;
    }
    let mut ledger = Ledger::default();
    for intent in intents {
        let of = |amounts: &HashMap<String, i64>| amounts.get(&intent.reference).copied().unwrap_or(0);
        let (captured, refunded) = (of(&captured), of(&refunded));
        ledger.restore(intent, captured, refunded).map_err(StoreError::Damaged)?;
    }
    keys.into_iter().for_each(|key| ledger.restore_key(key));
    webhooks.into_iter().for_each(|webhook| ledger.restore_webhook(webhook));
    Ok(ledger)
}

/// The latest row of an intent wins, because json_each keeps the order. `where true` keeps SQLite from reading the
/// conflict clause as a join (https://www.sqlite.org/lang_upsert.html).
const PUT_INTENTS: &str = "
    insert into intents
    select value->>'reference', value->>'merchant_reference', value->>'amount', value->>'currency',
           value->>'status', value->>'reason', value->>'ready_at', value->>'changed_at', value->>'announcing'
    from json_each(?) where true order by key
    on conflict (reference) do update set status = excluded.status, reason = excluded.reason,
        ready_at = excluded.ready_at, changed_at = excluded.changed_at, announcing = excluded.announcing;";

const ADD_CAPTURES: &str = "
    insert into captures
    select value->>'intent', value->>'amount', value->>'captured_at' from json_each(?);";

const ADD_REFUNDS: &str = "
    insert into refunds
    select value->>'reference', value->>'intent', value->>'amount', value->>'refunded_at' from json_each(?);";

const ADD_KEYS: &str = "
    insert into idempotency_keys
    select value->>'key', value->>'operation', value->>'intent', value->>'request', value->>'refund'
    from json_each(?);";

const PUT_WEBHOOKS: &str = "
    insert into webhooks
    select value->>'id', value->>'intent', value->>'kind', value->>'created_at', value->>'twice',
           value->>'attempts', value->>'next_at'
    from json_each(?) where true order by key
    on conflict (id) do update set attempts = excluded.attempts, next_at = excluded.next_at, twice = excluded.twice;";

const REMOVE_WEBHOOKS: &str = "delete from webhooks where id in (select value from json_each(?));";

/// Commits a change: one statement for each table, however many rows there are, and all in one message to the
/// connection's thread.
pub(super) async fn commit(connection: &mut SqliteConnection, change: &Change) -> Result<(), sqlx::Error> {
    let Change { intents, captures, refunds, keys, webhooks, settled_webhooks } = change;
    let (mut sql, mut arguments) = (String::from("begin;"), SqliteArguments::default());
    push(&mut sql, &mut arguments, PUT_INTENTS, intents)?;
    push(&mut sql, &mut arguments, ADD_CAPTURES, captures)?;
    push(&mut sql, &mut arguments, ADD_REFUNDS, refunds)?;
    push(&mut sql, &mut arguments, ADD_KEYS, keys)?;
    push(&mut sql, &mut arguments, PUT_WEBHOOKS, webhooks)?;
    push(&mut sql, &mut arguments, REMOVE_WEBHOOKS, settled_webhooks)?;
    sql.push_str("commit;");
    connection.execute(sqlx::query_with(AssertSqlSafe(sql), arguments)).await.map(|_| ())
}

fn push<T: Serialize>(
    sql: &mut String,
    arguments: &mut SqliteArguments,
    statement: &str,
    rows: &[T],
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    sql.push_str(statement);
    let rows = serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
    arguments.add(rows).map_err(sqlx::Error::Encode)
}

async fn version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("pragma user_version").fetch_one(connection).await
}
