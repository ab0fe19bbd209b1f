//! Faults while a store is open.

use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use souk_domain::id::{CartId, OrderId};
use souk_domain::time::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tempfile::tempdir;
use uuid::Uuid;

use super::open;
use crate::contract::fixture::{append, commit, entity, holds_numbered, load, numbered, refused};
use crate::error::{AppendError, StoreError};
use crate::journal::{EntityId, Journal};
use crate::rows::{OrderRow, Row};
use crate::sqlite::domains::{Chat, Orders};
use crate::sqlite::{DataFolder, SqliteChatStore, SqliteOptions, SqliteStore};
use crate::stores::OrderStore;

/// Runs one statement on the writing connection.
async fn on_writer(store: &SqliteStore<Chat>, statement: &str) -> Result<(), StoreError> {
    let statement = statement.to_owned();
    let write = store.database.write(move |connection| {
        let query = sqlx::query(sqlx::AssertSqlSafe(statement.clone()));
        Box::pin(async move { query.execute(connection).await.map(|_| ()) })
    });
    write.await
}

fn not_done(outcome: Result<(), AppendError>, cause: &str) {
    match outcome {
        Err(AppendError::NotDone(reason)) => assert!(reason.contains(cause), "{reason:?} does not say {cause:?}"),
        other => panic!("expected \"not done\" because of {cause:?}, got {other:?}"),
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_the_store_goes_on_when_there_is_room() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let (room, other) = (entity("room", 1), entity("room", 2));
    append(&store, numbered(&room, 0, 1)).await;
    // Never below what the file has: this stops it from growing at all.
    on_writer(&store, "pragma max_page_count = 1").await.unwrap();
    let large = serde_json::json!({ "text": "x".repeat(200_000) }).to_string();
    not_done(store.append(commit(&room, 1, &[&large])).await, "the disk is full");
    let outcomes = futures::join!(
        store.append(commit(&room, 1, &[&large])),
        store.append(commit(&other, 0, &[&large]).with_snapshot(1, &large))
    );
    not_done(outcomes.0, "the disk is full");
    not_done(outcomes.1, "the disk is full");
    assert_eq!(load(&store, &room).await.head, 1, "reads go on");
    holds_numbered(&store, &other, 0).await;

    on_writer(&store, "pragma max_page_count = 1000000").await.unwrap();
    append(&store, numbered(&room, 1, 2)).await;
    append(&store, numbered(&other, 0, 1)).await;
    store.close().await;
    let store: SqliteChatStore = open(folder.path()).await;
    holds_numbered(&store, &room, 3).await;
    holds_numbered(&store, &other, 1).await;
}

#[tokio::test]
async fn a_file_that_became_read_only_is_said() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    on_writer(&store, "pragma query_only = on").await.unwrap();
    not_done(store.append(numbered(&room, 1, 1)).await, "the file is read-only");
    on_writer(&store, "pragma query_only = off").await.unwrap();
    append(&store, numbered(&room, 1, 1)).await;
    holds_numbered(&store, &room, 2).await;
}

#[tokio::test]
async fn a_file_that_somebody_else_locked_is_said() {
    let folder = tempdir().unwrap();
    let options = SqliteOptions { busy_timeout: Duration::from_millis(1), ..SqliteOptions::default() };
    let store = SqliteChatStore::open(&DataFolder::open(folder.path()).unwrap(), &options).await.unwrap();
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;

    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("chat.db"));
    let mut intruder: SqliteConnection = file.connect().await.unwrap();
    sqlx::query("begin immediate").execute(&mut intruder).await.unwrap();
    not_done(store.append(numbered(&room, 1, 1)).await, "locked by another process");
    intruder.close().await.unwrap();
    append(&store, numbered(&room, 1, 1)).await;
    holds_numbered(&store, &room, 2).await;
}

fn order(number: u64, id: u128) -> OrderRow {
    OrderRow {
        id: OrderId::from_uuid(Uuid::from_u128(id)),
        seq: 1,
        number,
        cart_id: CartId::from_uuid(Uuid::from_u128(7)),
        owner: None,
        payment_id: None,
        status: "awaiting_payment".to_owned(),
        total: 1,
        currency: "EUR".to_owned(),
        items_count: None,
        email_digest: None,
        placed_at: Timestamp::from_millis(0),
    }
}

/// The rows of one commit break a rule of the schema: the others of its batch are written all the same.
#[tokio::test]
async fn one_bad_commit_fails_alone() {
    let folder = tempdir().unwrap();
    let store: SqliteStore<Orders> = open(folder.path()).await;
    let write = |row: OrderRow| {
        let entity = EntityId::new(row.id);
        store.append(numbered(&entity, 0, 1).with_rows([Row::Order(Box::new(row))]))
    };
    write(order(1_001, 1)).await.unwrap();
    let outcomes =
        join_all([2, 3, 4, 5].map(|id| write(order(if id == 4 { 1_001 } else { 1_000 + id as u64 }, id)))).await;
    for (id, outcome) in (2..).zip(outcomes) {
        let entity = EntityId::new(order(0, id).id);
        if id == 4 {
            not_done(outcome, "UNIQUE");
            assert_eq!(store.head(&entity).await.unwrap(), 0);
            assert_eq!(store.order(order(0, id).id).await.unwrap(), None);
        } else {
            outcome.unwrap();
            holds_numbered(&store, &entity, 1).await;
        }
    }
}

#[tokio::test]
async fn a_panic_while_writing_does_not_stop_the_writer() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    let panicking = store.database.write::<(), _>(|_| async { panic!("on purpose") }.boxed());
    let (outcome, beside) = futures::join!(panicking, store.append(numbered(&room, 1, 1)));
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    // In the batch that panicked, or after it.
    assert!(matches!(beside, Err(AppendError::Unknown(_)) | Ok(())), "{beside:?}");
    let head = store.head(&room).await.unwrap();
    assert_eq!(head, if beside.is_ok() { 2 } else { 1 });
    append(&store, numbered(&room, head, 1)).await;
    holds_numbered(&store, &room, head + 1).await;
}

/// A `commit` that fails leaves the transaction open: it is rolled back, and that is certain.
#[tokio::test]
async fn a_commit_that_is_rolled_back_is_not_done() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    on_writer(&store, "create table parents (id integer primary key)").await.unwrap();
    let children = "create table children (parent integer references parents (id) deferrable initially deferred)";
    on_writer(&store, children).await.unwrap();
    let room = entity("room", 1);
    let (orphan, beside) =
        futures::join!(on_writer(&store, "insert into children values (1)"), store.append(numbered(&room, 0, 1)));
    assert!(matches!(&orphan, Err(StoreError::Unavailable(reason)) if reason.contains("FOREIGN KEY")), "{orphan:?}");
    if beside.is_ok() {
        holds_numbered(&store, &room, 1).await;
    } else {
        not_done(beside, "FOREIGN KEY");
        holds_numbered(&store, &room, 0).await;
        append(&store, numbered(&room, 0, 1)).await;
    }
}

/// A `commit` that fails with no transaction left to roll back: nobody can say what was written.
#[tokio::test]
async fn a_commit_that_fails_otherwise_is_unknown_and_the_writer_goes_on() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let rooms: Vec<EntityId> = (0..10).map(|number| entity("room", number)).collect();
    let appends = join_all(rooms.iter().map(|room| store.append(numbered(room, 0, 1))));
    let (outcomes, meddler) = futures::join!(appends, on_writer(&store, "commit"));
    assert!(matches!(&meddler, Err(StoreError::Unavailable(reason)) if reason.contains("unknown")), "{meddler:?}");
    let unknown = outcomes.iter().filter(|outcome| matches!(outcome, Err(AppendError::Unknown(_)))).count();
    assert!(unknown > 0, "{outcomes:?}");
    for room in &rooms {
        let loaded = load(&store, room).await;
        append(&store, numbered(room, loaded.head, 1)).await;
        holds_numbered(&store, room, loaded.head + 1).await;
    }
}

#[tokio::test]
async fn a_gap_in_a_journal_is_damage() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let room = entity("room", 1);
    for predecessor in 0..4 {
        append(&store, numbered(&room, predecessor, 1)).await;
    }
    on_writer(&store, "delete from commits where first = 3").await.unwrap();
    let damaged = |error: StoreError| assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    damaged(store.load(&room, 1).await.unwrap_err());
    damaged(store.events_after(&room, 0, 10).await.unwrap_err());
    damaged(store.events_after(&room, 2, 10).await.unwrap_err());
    assert_eq!(store.events_after(&room, 3, 10).await.unwrap().len(), 1);
    on_writer(&store, "delete from commits where first = 4").await.unwrap();
    damaged(store.load(&room, 1).await.unwrap_err());
    on_writer(&store, "update commits set events = 'no json' where first = 2").await.unwrap();
    damaged(store.load(&room, 1).await.unwrap_err());
    append(&store, numbered(&entity("room", 2), 0, 1)).await;
}

/// Whatever was answered "written" before or during a close is there afterwards; the rest is not done.
#[tokio::test]
async fn closing_loses_nothing_that_was_acknowledged() {
    let folder = tempdir().unwrap();
    let options = SqliteOptions { queue: 4, batch_commits: 3, ..SqliteOptions::default() };
    let store = SqliteChatStore::open(&DataFolder::open(folder.path()).unwrap(), &options).await.unwrap();
    let rooms: Vec<EntityId> = (0..40).map(|number| entity("room", number)).collect();
    let appends = join_all(rooms.iter().map(|room| store.append(numbered(room, 0, 2))));
    let (outcomes, ()) = futures::join!(appends, store.close());
    let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(written > 0, "{outcomes:?}");
    for outcome in outcomes.iter().filter(|outcome| outcome.is_err()) {
        assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{outcome:?}");
    }
    not_done(store.append(numbered(&rooms[0], 2, 1)).await, "closed");
    let read = store.load(&rooms[0], 1).await;
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    assert!(matches!(on_writer(&store, "select 1").await, Err(StoreError::Unavailable(_))));
    store.close().await;
    assert!(!folder.path().join("chat.db-wal").exists(), "the log was copied into the file");

    let store: SqliteChatStore = open(folder.path()).await;
    for (room, outcome) in rooms.iter().zip(&outcomes) {
        holds_numbered(&store, room, if outcome.is_ok() { 2 } else { 0 }).await;
    }
}

/// What a `kill -9` leaves: the file and its log as they are, without a close.
#[tokio::test]
async fn what_was_acknowledged_survives_without_a_close() {
    let folder = tempdir().unwrap();
    let store: SqliteChatStore = open(folder.path()).await;
    let rooms: Vec<EntityId> = (0..20).map(|number| entity("room", number)).collect();
    for round in 0..5 {
        join_all(rooms.iter().map(|room| append(&store, numbered(room, round * 3, 3)))).await;
    }
    let left = tempdir().unwrap();
    for file in ["chat.db", "chat.db-wal"] {
        std::fs::copy(folder.path().join(file), left.path().join(file)).unwrap();
    }
    let survivor: SqliteChatStore = open(left.path()).await;
    for room in &rooms {
        holds_numbered(&survivor, room, 15).await;
        refused(&survivor, numbered(room, 12, 3), 15).await;
        append(&survivor, numbered(room, 15, 1)).await;
    }
}

#[tokio::test]
async fn many_reads_share_one_reader_and_a_cancelled_one_harms_nothing() {
    let folder = tempdir().unwrap();
    let options = SqliteOptions { readers: 1, ..SqliteOptions::default() };
    let store = SqliteChatStore::open(&DataFolder::open(folder.path()).unwrap(), &options).await.unwrap();
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1_000)).await;
    for _ in 0..50 {
        // Polled once, then dropped, most often while the statement runs.
        if let Some(loaded) = store.load(&room, 1).now_or_never() {
            assert_eq!(loaded.unwrap().head, 1_000);
        }
    }
    for loaded in join_all((0..50).map(|_| store.load(&room, 1))).await {
        assert_eq!(loaded.unwrap().tail.len(), 1_000);
    }
}
