//! Faults when a folder or a file is opened.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::open;
use crate::contract::fixture::{append, entity, holds_numbered, load, numbered};
use crate::error::{AppendError, StoreError};
use crate::journal::Journal;
use crate::sqlite::domains::{Chat, Domain, Orders};
use crate::sqlite::{
    DataFolder, OpenError, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore, SqliteStore,
};
use crate::stores::OrderStore;

/// The message must name the path, and say what can be done.
fn says(error: &OpenError, path: &Path, words: &[&str]) {
    let message = error.to_string();
    assert!(message.contains(&path.display().to_string()), "{message:?} does not name {}", path.display());
    for word in words {
        assert!(message.contains(word), "{message:?} does not say {word:?}");
    }
}

async fn fails<D: Domain>(folder: &DataFolder) -> OpenError {
    SqliteStore::<D>::open(folder, &SqliteOptions::default()).await.err().expect("the store should not open")
}

async fn execute(file: &Path, statement: &'static str) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_missing_folder_is_made_and_every_domain_has_a_file_in_it() {
    let parent = tempdir().unwrap();
    let path = parent.path().join("some").join("data");
    let folder = DataFolder::open(&path).unwrap();
    let options = SqliteOptions::default();
    let products = SqliteProductStore::open(&folder, &options).await.unwrap();
    let accounts = SqliteAccountStore::open(&folder, &options).await.unwrap();
    let orders = SqliteOrderStore::open(&folder, &options).await.unwrap();
    let payments = SqlitePaymentStore::open(&folder, &options).await.unwrap();
    let chat = SqliteChatStore::open(&folder, &options).await.unwrap();
    futures::join!(products.close(), accounts.close(), orders.close(), payments.close(), chat.close());
    let mut files: Vec<String> =
        fs::read_dir(&path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    assert_eq!(files, ["accounts.db", "chat.db", "orders.db", "payments.db", "products.db", "souk.lock"]);
}

#[test]
fn a_file_where_a_folder_should_be_is_said() {
    let parent = tempdir().unwrap();
    let file = parent.path().join("data");
    fs::write(&file, "not a folder").unwrap();
    let error = DataFolder::open(&file).unwrap_err();
    assert!(matches!(error, OpenError::NotAFolder { .. }), "{error:?}");
    says(&error, &file, &["is a file", "SOUK_DATA_DIR"]);
    assert!(matches!(DataFolder::open_read_only(&file), Err(OpenError::NotAFolder { .. })));

    let below = file.join("deeper");
    let error = DataFolder::open(&below).unwrap_err();
    assert!(matches!(error, OpenError::NotCreatable { .. }), "{error:?}");
    says(&error, &below, &["cannot be created", "SOUK_DATA_DIR"]);
}

/// Whoever runs the tests, root too, cannot make files in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let path = Path::new("/proc");
    let error = DataFolder::open(path).unwrap_err();
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
    says(&error, path, &["cannot be written", "SOUK_DATA_DIR"]);
}

#[tokio::test]
async fn a_folder_belongs_to_one_process_for_as_long_as_a_store_is_open() {
    let path = tempdir().unwrap();
    let folder = DataFolder::open(path.path()).unwrap();
    let in_use = || {
        let error = DataFolder::open(path.path()).unwrap_err();
        assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
        says(&error, path.path(), &["in use", &std::process::id().to_string(), "SOUK_DATA_DIR"]);
    };
    in_use();
    let store = SqliteChatStore::open(&folder, &SqliteOptions::default()).await.unwrap();
    drop(folder);
    in_use();
    store.close().await;
    DataFolder::open(path.path()).unwrap();
}

#[tokio::test]
async fn a_newer_schema_is_said() {
    let path = tempdir().unwrap();
    open::<Chat>(path.path()).await.close().await;
    let file = path.path().join("chat.db");
    execute(&file, "insert into _sqlx_migrations values (9001, 'later', '2030-01-01', true, x'00', 1)").await;
    let folder = DataFolder::open(path.path()).unwrap();
    let error = fails::<Chat>(&folder).await;
    assert!(matches!(error, OpenError::NewerSchema { version: 9001, .. }), "{error:?}");
    says(&error, &file, &["newer version", "9001"]);
    let error = fails::<Chat>(&DataFolder::open_read_only(path.path()).unwrap()).await;
    assert!(matches!(error, OpenError::NewerSchema { .. }), "{error:?}");
}

#[tokio::test]
async fn the_file_of_another_domain_is_said() {
    let path = tempdir().unwrap();
    let orders = open::<Orders>(path.path()).await;
    orders.close().await;
    fs::rename(path.path().join("orders.db"), path.path().join("chat.db")).unwrap();
    let error = fails::<Chat>(&DataFolder::open(path.path()).unwrap()).await;
    assert!(matches!(error, OpenError::OtherSchema { .. }), "{error:?}");
    says(&error, &path.path().join("chat.db"), &["another domain"]);
}

#[tokio::test]
async fn a_damaged_file_is_said() {
    let path = tempdir().unwrap();
    let file = path.path().join("chat.db");
    fs::write(&file, "this is no database, although it is long enough to be looked at ".repeat(100)).unwrap();
    let folder = DataFolder::open(path.path()).unwrap();
    let error = fails::<Chat>(&folder).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    says(&error, &file, &["damaged", "backup"]);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let error = fails::<Chat>(&folder).await;
    says(&error, &file, &[]);
}

#[tokio::test]
async fn a_damaged_page_is_damage_and_not_a_panic() {
    let path = tempdir().unwrap();
    let store = open::<Chat>(path.path()).await;
    for number in 0..50 {
        append(&store, numbered(&entity("room", number), 0, 50)).await;
    }
    store.close().await;
    let file = path.path().join("chat.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(&file, bytes).unwrap();

    let store = open::<Chat>(path.path()).await;
    let mut damaged = 0;
    for number in 0..50 {
        match store.load(&entity("room", number), 1).await {
            Ok(loaded) => assert_eq!(loaded.head, 50),
            Err(StoreError::Damaged(_)) => damaged += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(damaged > 0, "no page that matters was hit");
}

#[tokio::test]
async fn a_folder_opened_for_reading_shows_what_the_writer_wrote() {
    let path = tempdir().unwrap();
    let writing = open::<Chat>(path.path()).await;
    let room = entity("room", 1);
    append(&writing, numbered(&room, 0, 2)).await;

    let folder = DataFolder::open_read_only(path.path()).unwrap();
    let reading = SqliteChatStore::open(&folder, &SqliteOptions::default()).await.unwrap();
    holds_numbered(&reading, &room, 2).await;
    append(&writing, numbered(&room, 2, 1)).await;
    assert_eq!(load(&reading, &room).await.head, 3);
    let outcome = reading.append(numbered(&room, 3, 1)).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{outcome:?}");
    assert!(matches!(reading.mark_relayed(&room, 1).await, Err(StoreError::Unavailable(_))));
    writing.close().await;
    holds_numbered(&reading, &room, 3).await;
    reading.close().await;

    // Nobody has it open any more.
    let reading = SqliteChatStore::open(&folder, &SqliteOptions::default()).await.unwrap();
    holds_numbered(&reading, &room, 3).await;
    reading.close().await;
    assert_eq!(load(&open::<Chat>(path.path()).await, &room).await.head, 3);
}

#[tokio::test]
async fn reading_makes_nothing_and_changes_nothing() {
    let path = tempdir().unwrap();
    let missing = path.path().join("no-such-folder");
    let error = DataFolder::open_read_only(&missing).unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }), "{error:?}");
    says(&error, &missing, &["does not exist", "SOUK_DATA_DIR"]);

    let folder = DataFolder::open_read_only(path.path()).unwrap();
    let error = fails::<Orders>(&folder).await;
    assert!(matches!(error, OpenError::Missing { .. }), "{error:?}");
    says(&error, &path.path().join("orders.db"), &["does not exist"]);
    assert_eq!(fs::read_dir(path.path()).unwrap().count(), 0);

    let orders = open::<Orders>(path.path()).await;
    assert_eq!(orders.take_order_numbers(1).await.unwrap(), 1001);
    orders.close().await;
    execute(&path.path().join("orders.db"), "delete from _sqlx_migrations where version >= 2").await;
    let error = fails::<Orders>(&folder).await;
    assert!(matches!(error, OpenError::OlderSchema { .. }), "{error:?}");
}
