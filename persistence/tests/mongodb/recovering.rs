//! Commits whose writer ended right after they were written: whoever comes next does what follows from them.

use mongodb::bson::{Document, doc};
use souk_domain::id::ProductId;
use souk_domain::time::Timestamp;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::fixture::{append, entity, numbered, numbered_event};
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::mongodb::MongoProductStore;
use souk_persistence::rows::{ProductRow, Row};
use souk_persistence::stores::ProductStore;
use uuid::Uuid;

use super::support::Mongo;

const VIEW: &str = r#"{"id":"ID","handle":"HANDLE","title":"A product","description_html":"","vendor":"","product_type":"",
    "categories":[],"tags":[],"status":"active","images":[],"options":[],"variants":[],"version":1,"seq":1,
    "created_at":"2026-01-01T00:00:00Z"}"#;

fn product_id(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

fn view(id: ProductId, handle: &str) -> String {
    VIEW.replace("ID", &id.to_string()).replace("HANDLE", handle)
}

pub fn product_row(id: ProductId, seq: u64) -> Row {
    let handle = format!("handle-{id}");
    let view = serde_json::from_str(&view(id, &handle)).expect("a view");
    Row::Product(Box::new(ProductRow { id, seq, handle, view }))
}

/// As it is right after the insert.
fn unfollowed(id: ProductId, predecessor: i64, handle: &str) -> Document {
    let view = view(id, handle);
    let row = doc! { "seq": predecessor + 1, "handle": handle, "view": view };
    let row = doc! { "id": id.to_string(), "row": row };
    doc! {
        "_id": Uuid::new_v4().simple().to_string(), "entity": id.to_string(), "first": predecessor + 1,
        "last": predecessor + 1, "at": 1_700_000_000_000_i64,
        "events": format!("[{}]", numbered_event(predecessor.cast_unsigned() + 1)),
        "unfollowed": true, "follow": { "relay": "consumers", "due_at": 50_i64, "products": [row] },
    }
}

async fn is_followed(mongo: &Mongo, store: &MongoProductStore, id: ProductId, handle: &str) {
    let row = store.product_by_handle(handle).await.expect("read").expect("the product is found");
    assert_eq!(row.id, id);
    let changed = store.products_changed_since(0, 10).await.expect("changes");
    assert!(changed.iter().any(|(_, row)| row.id == id && row.handle == handle), "{changed:?}");
    let due = store.due(Timestamp::from_millis(50), 10).await.expect("due");
    assert!(due.iter().any(|due| due.entity == EntityId::new(id)), "{due:?}");
    let unrelayed = store.unrelayed(10).await.expect("unrelayed");
    assert!(unrelayed.iter().any(|mark| mark.entity == EntityId::new(id) && mark.relayed_to == 0), "{unrelayed:?}");
    let commits = mongo.collection("commits").await;
    assert_eq!(commits.count_documents(doc! { "unfollowed": true }).await.expect("counted"), 0);
}

#[tokio::test]
async fn the_next_start_catches_up() {
    let mongo = Mongo::new();
    mongo.close(mongo.open().await).await;
    let commits = mongo.collection("commits").await;
    commits.insert_one(unfollowed(product_id(1), 0, "first")).await.expect("a commit");
    commits.insert_one(unfollowed(product_id(1), 1, "second")).await.expect("a commit");
    let store = mongo.open().await;
    is_followed(&mongo, &store, product_id(1), "second").await;
    assert_eq!(store.product_by_handle("first").await.expect("read"), None);
    assert_eq!(store.unrelayed(10).await.expect("unrelayed")[0].head, 2);
    mongo.close(store).await;
}

#[tokio::test]
async fn loading_an_entity_catches_up_with_it() {
    let mongo = Mongo::new();
    let store = mongo.open().await;
    let commits = mongo.collection("commits").await;
    commits.insert_one(unfollowed(product_id(1), 0, "lost")).await.expect("a commit");
    assert_eq!(store.product(product_id(1)).await.expect("read"), None);
    assert_eq!(store.load(&EntityId::new(product_id(1)), 1).await.expect("loaded").head, 1);
    is_followed(&mongo, &store, product_id(1), "lost").await;
    mongo.close(store).await;
}

/// A row that was written late by one who slept does not replace a newer one.
#[tokio::test]
async fn what_is_followed_again_takes_nothing_back() {
    let mongo = Mongo::new();
    let store = mongo.open().await;
    let commits = mongo.collection("commits").await;
    let first = unfollowed(product_id(1), 0, "old");
    commits.insert_one(first.clone()).await.expect("a commit");
    commits.insert_one(unfollowed(product_id(1), 1, "new")).await.expect("a commit");
    let product = EntityId::new(product_id(1));
    store.load(&product, 1).await.expect("loaded");
    store.mark_relayed(&product, 2).await.expect("marked");
    // As if the first had never been followed to its end.
    let again = doc! { "$set": { "unfollowed": true, "follow": first.get_document("follow").expect("follow") } };
    let of_first = doc! { "_id": first.get_str("_id").expect("an id") };
    commits.update_one(of_first, again).await.expect("changed");
    mongo.close(store).await;

    let store = mongo.open().await;
    let row = store.product(product_id(1)).await.expect("read").expect("there");
    assert_eq!((row.handle.as_str(), row.seq), ("new", 2));
    assert!(store.unrelayed(10).await.expect("unrelayed").is_empty(), "the mark went back");
    assert_eq!(commits.count_documents(doc! { "unfollowed": true }).await.expect("counted"), 0);
    mongo.close(store).await;
}

/// A block of changes whose writer ended before it had set the positions is finished by whoever reads.
#[tokio::test]
async fn readers_finish_what_a_writer_began() {
    let mongo = Mongo::new();
    let store = mongo.open().await;
    let commits = mongo.collection("commits").await;
    commits.insert_one(unfollowed(product_id(1), 0, "one")).await.expect("a commit");
    commits.insert_one(unfollowed(product_id(2), 0, "two")).await.expect("a commit");
    for number in [1, 2] {
        store.load(&EntityId::new(product_id(number)), 1).await.expect("loaded");
    }
    let before = store.products_changed_since(0, 10).await.expect("changes").last().expect("two").0;
    assert!(store.products_changed_since(before, 10).await.expect("changes").is_empty());

    let changes = mongo.collection("changes").await;
    let mut cursor = changes.find(doc! {}).sort(doc! { "_id": -1 }).limit(1).await.expect("blocks");
    assert!(cursor.advance().await.expect("a block"));
    let newest = cursor.deserialize_current().expect("a block").get_i64("_id").expect("its number");
    let begun = doc! { "_id": newest + 1, "done": false, "products": [product_id(1).to_string()] };
    changes.insert_one(begun).await.expect("a block");
    let after = store.products_changed_since(before, 10).await.expect("changes");
    assert_eq!(after.iter().map(|(_, row)| row.id).collect::<Vec<_>>(), [product_id(1)]);
    // And what this store writes next comes after it.
    append(&store, numbered(&entity("prod", 9), 0, 1)).await;
    let row = unfollowed(product_id(2), 1, "two");
    commits.insert_one(row).await.expect("a commit");
    store.load(&EntityId::new(product_id(2)), 1).await.expect("loaded");
    let last = store.products_changed_since(after[0].0, 10).await.expect("changes");
    assert_eq!(last.iter().map(|(_, row)| row.id).collect::<Vec<_>>(), [product_id(2)]);
    mongo.close(store).await;
}
