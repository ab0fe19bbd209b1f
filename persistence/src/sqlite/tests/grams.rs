//! The migration that teaches published views what their variants weigh.

use souk_domain::id::{ProductId, VariantId};
use souk_domain::product::view::ProductView;
use tempfile::tempdir;
use uuid::Uuid;

use super::open;
use crate::contract::fixture::{append, commit};
use crate::journal::EntityId;
use crate::rows::{ProductRow, Row};
use crate::sqlite::domains::Products;
use crate::stores::ProductStore;

const MIGRATION: &str = include_str!("../../../../migrations/products/sqlite/0004_grams_of_variants.sql");

fn event(kind: &str, number: u128, grams: u32) -> String {
    let id = VariantId::from_uuid(Uuid::from_u128(number));
    serde_json::json!({ "type": kind, "variant": { "id": id, "grams": grams } }).to_string()
}

/// A view as it was written before variants had a weight.
fn old_view(id: ProductId) -> ProductView {
    let variant = |number: u128| {
        serde_json::json!({
            "id": VariantId::from_uuid(Uuid::from_u128(number)), "sku": "A \"1\"", "title": "S", "options": {},
            "price": { "amount": 1, "currency": "USD" }, "compare_at_price": null, "available": 3,
        })
    };
    let view = serde_json::json!({
        "id": id, "handle": "pot", "title": "Pot \u{1F600}", "description_html": "<p>\\</p>", "vendor": "", "product_type": "",
        "categories": [], "tags": [], "status": "active", "images": [], "options": [],
        "variants": [variant(1), variant(2), variant(3)],
        "version": 1, "seq": 1, "created_at": "2026-01-01T00:00:00.000Z",
    });
    serde_json::from_value(view).expect("an old view reads")
}

#[tokio::test]
async fn every_variant_weighs_what_its_newest_event_says() {
    let folder = tempdir().unwrap();
    let store = open::<Products>(folder.path()).await;
    let id = ProductId::from_uuid(Uuid::from_u128(9));
    let entity = EntityId::new(id);
    let events = [event("variant_added.v1", 1, 100), event("variant_added.v1", 2, 200)];
    append(&store, commit(&entity, 0, &[&events[0], &events[1]])).await;
    let view = old_view(id);
    let row = Row::Product(Box::new(ProductRow { id, seq: 3, handle: "pot".into(), view: view.clone() }));
    append(&store, commit(&entity, 2, &[&event("variant_changed.v1", 1, 150)]).with_rows([row])).await;
    store.close().await;

    execute(&folder.path().join("products.db")).await;
    let store = open::<Products>(folder.path()).await;
    let migrated = store.product(id).await.expect("product").expect("a row").view;
    assert_eq!(migrated.variants.iter().map(|variant| variant.grams).collect::<Vec<_>>(), [150, 200, 0]);
    let mut expected = view;
    for (variant, grams) in expected.variants.iter_mut().zip([150, 200, 0]) {
        variant.grams = grams;
    }
    assert_eq!(migrated, expected, "nothing else changed");
    store.close().await;
}

async fn execute(file: &std::path::Path) {
    use sqlx::{ConnectOptions, Connection};
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    sqlx::raw_sql(MIGRATION).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
