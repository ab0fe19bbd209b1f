//! What a store says that cannot be opened, or should not be.

use std::time::{Duration, Instant};

use futures::future::join_all;
use mongodb::bson::doc;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::fixture::{append, entity, numbered};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::Journal;
use souk_persistence::mongodb::{Access, MongoOptions, MongoProductStore, OpenError};

use super::support::Mongo;

async fn refusal(options: &MongoOptions) -> OpenError {
    match MongoProductStore::open(options).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_url_that_is_none_names_its_key() {
    for url in ["", "products", "postgres://127.0.0.1/souk", "mongodb://", "mongodb://127.0.0.1:99999999"] {
        let error = refusal(&MongoOptions::new(url)).await;
        assert!(matches!(error, OpenError::Url { .. }), "{url} gave {error}");
        assert!(error.to_string().contains("stores.products"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_not_waited_for_long() {
    let started = Instant::now();
    // Nobody listens on the port of a listener that is gone.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let error = refusal(&MongoOptions::new(format!("mongodb://127.0.0.1:{port}"))).await;
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    let mut options = Mongo::new().options();
    options.username = Some("nobody".to_owned());
    options.password = Some("a-wrong-secret".to_owned());
    let error = refusal(&options).await;
    assert!(matches!(error, OpenError::Credentials { .. }), "{error}");
    assert!(!format!("{error} {options:?}").contains("a-wrong-secret"), "{error}");
}

#[tokio::test]
async fn a_newer_schema_is_left_alone() {
    let mongo = Mongo::new();
    mongo.close(mongo.open().await).await;
    let schema = mongo.collection("schema").await;
    let version = doc! { "_id": "version" };
    schema.update_one(version.clone(), doc! { "$set": { "version": 2_i64 } }).await.expect("a newer version");
    let error = refusal(&mongo.options()).await;
    assert!(matches!(error, OpenError::NewerSchema { version: 2, .. }), "{error}");
    assert!(error.to_string().contains("newer version"), "{error}");
    let kept = schema.find_one(version).await.expect("read").expect("there");
    assert_eq!(kept.get_i64("version").expect("a number"), 2, "it was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_make_one_schema() {
    let mongo = Mongo::new();
    let stores = join_all((0..6).map(|_| mongo.open())).await;
    let product = entity("prod", 1);
    for (number, store) in stores.iter().enumerate() {
        append(store, numbered(&product, number as u64, 1)).await;
    }
    let schema = mongo.collection("schema").await;
    assert_eq!(schema.count_documents(doc! {}).await.expect("counted"), 1, "the version, and no lease");
    let indexes = mongo.collection("commits").await.list_index_names().await.expect("indexes");
    assert!(indexes.contains(&"entity_first".to_owned()), "{indexes:?}");
    for store in stores {
        mongo.close(store).await;
    }
}

/// A node that died while it held the lease.
#[tokio::test]
async fn a_stale_lease_is_taken_over() {
    let mongo = Mongo::new();
    let stale = doc! { "_id": "migration", "by": "somebody", "until": 1_000_i64 };
    mongo.collection("schema").await.insert_one(stale).await.expect("a lease");
    let store = mongo.open().await;
    append(&store, numbered(&entity("prod", 1), 0, 1)).await;
    mongo.close(store).await;
}

#[tokio::test]
async fn a_journal_with_a_gap_is_damaged_and_names_its_entity() {
    let mongo = Mongo::new();
    let store = mongo.open().await;
    let (broken, whole) = (entity("prod", 1), entity("prod", 2));
    for predecessor in 0..3 {
        append(&store, numbered(&broken, predecessor, 1)).await;
        append(&store, numbered(&whole, predecessor, 1)).await;
    }
    store.load(&broken, 1).await.expect("it loads before");
    let second = doc! { "entity": broken.as_str(), "first": 2_i64 };
    let removed = mongo.collection("commits").await.delete_one(second).await.expect("removed");
    assert_eq!(removed.deleted_count, 1);
    for outcome in [store.load(&broken, 1).await.map(|_| ()), store.events_after(&broken, 0, 10).await.map(|_| ())] {
        match outcome {
            Err(StoreError::Damaged(reason)) => assert!(reason.contains(broken.as_str()), "{reason}"),
            other => panic!("a gap gave {other:?}"),
        }
    }
    assert_eq!(store.load(&whole, 1).await.expect("the others load").head, 3);
    mongo.close(store).await;
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let mongo = Mongo::new();
    let store = mongo.open().await;
    let product = entity("prod", 1);
    append(&store, numbered(&product, 0, 1)).await;
    store.close().await;
    let outcome = store.append(numbered(&product, 1, 1)).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_store_that_is_opened_for_reading_changes_nothing() {
    let mongo = Mongo::new();
    let reading = MongoOptions { access: Access::Reading, ..mongo.options() };
    let error = refusal(&reading).await;
    assert!(matches!(error, OpenError::OlderSchema { .. }), "{error}");

    let writer = mongo.open().await;
    let product = entity("prod", 1);
    append(&writer, numbered(&product, 0, 2)).await;
    let reader = MongoProductStore::open(&reading).await.expect("it opens");
    assert_eq!(reader.load(&product, 1).await.expect("it loads").head, 2);
    let outcome = reader.append(numbered(&product, 2, 1)).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{outcome:?}");
    assert_eq!(writer.head(&product).await.expect("read"), 2);
    mongo.close(reader).await;
    mongo.close(writer).await;
}
