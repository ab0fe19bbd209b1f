//! The queries of the catalogue.

use std::collections::BTreeMap;

use futures::future::join_all;
use souk_domain::id::{OrderId, ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::product::state::{HeldLine, Status};
use souk_domain::product::view::{ProductView, VariantView};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::fixture::{Fixture, append, holds_numbered, numbered, refused};
use crate::journal::{EntityId, Journal};
use crate::rows::{HoldRow, HoldState, ProductRow, Row, VariantRow};
use crate::stores::{Position, ProductStore};

fn product_id(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

fn variant_id(number: u128) -> VariantId {
    VariantId::from_uuid(Uuid::from_u128(number))
}

fn order_id(number: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn product(number: u128, seq: u64, handle: &str) -> ProductRow {
    let variant = VariantView {
        id: variant_id(number),
        sku: Some(format!("SKU-{number}")),
        title: "Large / \"Blue\" \\ é".to_owned(),
        options: BTreeMap::from([("Size".to_owned(), "Large".to_owned())]),
        price: Money::new(1_999, Currency::USD),
        compare_at_price: None,
        grams: 450,
        available: Some(-3),
    };
    let view = ProductView {
        id: product_id(number),
        handle: handle.to_owned(),
        title: format!("Product {number} at {seq}"),
        description_html: "<p>\"quoted\"\n\u{1F600}</p>".to_owned(),
        vendor: String::new(),
        product_type: "Shirt".to_owned(),
        categories: vec!["A > B".to_owned()],
        tags: Vec::new(),
        status: Status::Active,
        images: Vec::new(),
        options: Vec::new(),
        variants: vec![variant],
        version: 1,
        seq,
        created_at: Timestamp::from_millis(1_700_000_000_123),
    };
    ProductRow { id: product_id(number), seq, handle: handle.to_owned(), view }
}

async fn put<S: ProductStore>(store: &S, row: &ProductRow) {
    let rows = [Row::Product(Box::new(row.clone()))];
    append(store, numbered(&EntityId::new(row.id), row.seq - 1, 1).with_rows(rows)).await;
}

async fn changed_since<S: ProductStore>(store: &S, position: Position, limit: usize) -> Vec<(Position, ProductRow)> {
    store.products_changed_since(position, limit).await.expect("changed products")
}

pub async fn products_are_found_by_id_and_handle<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert_eq!(store.product(product_id(1)).await.expect("product"), None);
    let mut row = product(1, 1, "blue-shirt");
    put(&store, &row).await;
    put(&store, &product(2, 1, "red \"shirt\"")).await;
    assert_eq!(store.product(row.id).await.expect("product"), Some(row.clone()));
    assert_eq!(store.product_by_handle("blue-shirt").await.expect("product"), Some(row.clone()));
    assert_eq!(store.product_by_handle("red \"shirt\"").await.expect("product").map(|row| row.id), Some(product_id(2)));
    assert_eq!(store.product_by_handle("no-shirt").await.expect("product"), None);
    assert_eq!(store.count_products().await.expect("count"), 2);

    row = product(1, 2, "azure-shirt");
    put(&store, &row).await;
    assert_eq!(store.product_by_handle("azure-shirt").await.expect("product"), Some(row));
    assert_eq!(store.product_by_handle("blue-shirt").await.expect("product"), None, "the old handle is free");
    assert_eq!(store.count_products().await.expect("count"), 2);
    fixture.close(store).await;
}

pub async fn variants_are_found_by_id_and_sku<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    let variant = |number, sku: Option<&str>| VariantRow {
        id: variant_id(number),
        product_id: product_id(1),
        sku: sku.map(str::to_owned),
    };
    let rows = [variant(1, Some("A-1")), variant(2, None), variant(3, Some("null"))];
    let product = EntityId::new(product_id(1));
    append(&store, numbered(&product, 0, 1).with_rows(rows.clone().map(Row::Variant))).await;
    for row in rows {
        assert_eq!(store.variant(row.id).await.expect("variant"), Some(row));
    }
    assert_eq!(store.variant(variant_id(4)).await.expect("variant"), None);
    assert_eq!(store.variant_by_sku("A-1").await.expect("variant").map(|row| row.id), Some(variant_id(1)));
    assert_eq!(store.variant_by_sku("A-2").await.expect("variant"), None);

    append(&store, numbered(&product, 1, 1).with_rows([Row::Variant(variant(1, Some("A-2")))])).await;
    assert_eq!(store.variant_by_sku("A-1").await.expect("variant"), None);
    assert_eq!(store.variant_by_sku("A-2").await.expect("variant").map(|row| row.id), Some(variant_id(1)));
    fixture.close(store).await;
}

pub async fn holds_outlive_the_product_that_forgot_them<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    let entity = EntityId::new(product_id(1));
    let hold = |order, state| HoldRow {
        product_id: product_id(1),
        order_id: order_id(order),
        state,
        lines: vec![HeldLine { variant: variant_id(1), quantity: 2 }, HeldLine { variant: variant_id(2), quantity: 1 }],
    };
    let held = [hold(1, HoldState::Held), hold(2, HoldState::Held)];
    append(&store, numbered(&entity, 0, 2).with_rows(held.clone().map(Row::Hold))).await;
    assert_eq!(store.hold(product_id(1), order_id(1)).await.expect("hold"), Some(held[0].clone()));
    let settled = [hold(1, HoldState::Sold), hold(2, HoldState::Released)];
    append(&store, numbered(&entity, 2, 2).with_rows(settled.clone().map(Row::Hold))).await;
    for row in settled {
        assert_eq!(store.hold(row.product_id, row.order_id).await.expect("hold"), Some(row));
    }
    assert_eq!(store.hold(product_id(1), order_id(3)).await.expect("hold"), None);
    assert_eq!(store.hold(product_id(2), order_id(1)).await.expect("hold"), None);
    fixture.close(store).await;
}

pub async fn a_handle_is_given_once<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    let reserve = async |handle: &str, number| store.reserve_handle(handle, product_id(number)).await.expect("handle");
    assert_eq!(reserve("shirt", 1).await, product_id(1));
    assert_eq!(reserve("shirt", 2).await, product_id(1));
    assert_eq!(reserve("shirt", 1).await, product_id(1));
    assert_eq!(reserve("Shirt", 2).await, product_id(2), "handles differ by case");
    let owners = join_all((0..50).map(|number| store.reserve_handle("wanted", product_id(number)))).await;
    let owners: Vec<ProductId> = owners.into_iter().map(|owner| owner.expect("handle")).collect();
    assert!(owners.iter().all(|owner| *owner == owners[0]), "{owners:?}");
    fixture.close(store).await;

    let store = fixture.open().await;
    assert_eq!(store.reserve_handle("wanted", product_id(99)).await.expect("handle"), owners[0]);
    fixture.close(store).await;
}

pub async fn followers_see_every_change_in_order<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert!(changed_since(&store, 0, 10).await.is_empty());
    let rows: Vec<ProductRow> = (1..=20).map(|number| product(number, 1, &format!("p-{number}"))).collect();
    join_all(rows.iter().map(|row| put(&store, row))).await;

    // In pages of any size, nothing is skipped and nothing comes twice.
    for limit in [1, 3, 7, 100] {
        let (mut position, mut seen) = (0, Vec::new());
        loop {
            let page = changed_since(&store, position, limit).await;
            assert!(page.len() <= limit);
            let Some((last, _)) = page.last() else { break };
            assert!(page.is_sorted_by(|(a, _), (b, _)| a < b), "positions grow");
            position = *last;
            seen.extend(page.into_iter().map(|(_, row)| row));
        }
        seen.sort_by_key(|row| row.id);
        assert_eq!(seen, rows, "pages of {limit}");
    }

    let newest = changed_since(&store, 0, 100).await.last().expect("products").0;
    assert!(changed_since(&store, newest, 100).await.is_empty());
    let changed = product(7, 2, "p-7");
    put(&store, &changed).await;
    append(&store, numbered(&EntityId::new(product_id(8)), 1, 1)).await;
    let page = changed_since(&store, newest, 100).await;
    assert_eq!(page.iter().map(|(_, row)| row).collect::<Vec<_>>(), [&changed], "a commit without a row is no change");
    assert!(page[0].0 > newest);
    fixture.close(store).await;
}

/// Positions go on growing although the newest commits were archived and the store was opened again.
pub async fn positions_are_never_given_twice<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    put(&store, &product(1, 1, "a")).await;
    let entity = EntityId::new(product_id(2));
    let rows = [Row::Product(Box::new(product(2, 1, "b")))];
    append(&store, numbered(&entity, 0, 1).with_rows(rows).with_snapshot(1, "{}")).await;
    let newest = changed_since(&store, 0, 10).await.last().expect("products").0;
    assert_eq!(store.archive(&entity, 1).await.expect("archive"), 1);
    fixture.close(store).await;

    let store = fixture.open().await;
    put(&store, &product(3, 1, "c")).await;
    let page = changed_since(&store, newest, 10).await;
    assert_eq!(page.len(), 1, "a follower misses the newest change");
    fixture.close(store).await;
}

/// Of a good and a refused commit that are sent together only the good one shows in the read model.
pub async fn a_refused_commit_writes_no_rows<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    for number in 1..=20 {
        put(&store, &product(number, 1, &format!("first-{number}"))).await;
    }
    let before = changed_since(&store, 0, 100).await.last().expect("products").0;
    let good = (1..=20).map(async |number| put(&store, &product(number, 2, &format!("good-{number}"))).await);
    let stale = (21..=40).map(async |number| {
        let entity = EntityId::new(product_id(number));
        let hold = HoldRow {
            product_id: product_id(number),
            order_id: order_id(number),
            state: HoldState::Held,
            lines: Vec::new(),
        };
        let variant =
            VariantRow { id: variant_id(number), product_id: product_id(number), sku: Some("stale".to_owned()) };
        let product = product(number, 4, &format!("stale-{number}"));
        let rows = [Row::Product(Box::new(product)), Row::Hold(hold), Row::Variant(variant)];
        refused(&store, numbered(&entity, 3, 1).with_rows(rows), 0).await;
    });
    futures::join!(join_all(good), join_all(stale));

    assert_eq!(store.count_products().await.expect("count"), 20);
    assert_eq!(changed_since(&store, before, 100).await.len(), 20);
    assert_eq!(store.variant_by_sku("stale").await.expect("variant"), None);
    for number in 1..=20 {
        let row = store.product(product_id(number)).await.expect("product");
        assert_eq!(row, Some(product(number, 2, &format!("good-{number}"))));
    }
    for number in 21..=40 {
        assert_eq!(store.product(product_id(number)).await.expect("product"), None);
        assert_eq!(store.hold(product_id(number), order_id(number)).await.expect("hold"), None);
        holds_numbered(&store, &EntityId::new(product_id(number)), 0).await;
    }
    fixture.close(store).await;
}

pub async fn rows_are_there_after_reopening<F: Fixture<Store: ProductStore>>(fixture: &F) {
    let store = fixture.open().await;
    let row = product(1, 1, "kept");
    put(&store, &row).await;
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(store.product_by_handle("kept").await.expect("product"), Some(row));
    fixture.close(store).await;
}
