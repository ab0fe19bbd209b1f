//! Values that no field takes.

use serde_json::{Value, json};

use super::support::buyer::contact;
use super::{shop_with_lamps, unharmed};

/// Above what 32 and 64 bits hold, too.
fn quantities_out_of_range() -> Vec<Value> {
    let mut quantities = vec![json!(0), json!(-1), json!(1_000), json!(1_000_000_000_000_i64), json!(u64::MAX)];
    quantities.push(json!(1e30));
    quantities
}

#[tokio::test]
async fn quantities_that_no_line_can_have_are_refused_and_change_nothing() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.new_cart().await;
    let lamp = client.variant("lamp-1").await;
    let lines = format!("/api/v1/carts/{cart}/lines");
    let line = format!("{lines}/{}", lamp.id);
    client.add_line(&cart, &lamp, 2).await.expect(200);
    for quantity in quantities_out_of_range() {
        let added = client.post(&lines, json!({"variant_id": lamp.id, "quantity": quantity})).await;
        added.expect_fault(422, "invalid_body", "/quantity");
        let set = client.patch(&line, json!({"quantity": quantity})).await;
        set.expect_fault(422, "invalid_body", "/quantity");
    }
    // The sum of what a line has and what is added is bounded too.
    client.add_line(&cart, &lamp, 998).await.expect_problem(409, "quantity_too_large");
    let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    assert_eq!(shown["lines"][0]["quantity"], 2);
    assert_eq!(shown["totals"]["subtotal"]["amount"], 2 * lamp.price);
    client.patch(&line, json!({"quantity": 999})).await.expect(200);
    unharmed(shop).await;
}

#[tokio::test]
async fn what_a_cart_cannot_have_is_pointed_at() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.new_cart().await;
    for email in ["", "ada", "@example.com", "ada@", "a b@example.com", &format!("{}@example.com", "a".repeat(300))] {
        client.change_cart(&cart, json!({"email": email})).await.expect_fault(422, "invalid_body", "/email");
    }
    let address = |field: &str, value: &str| {
        let mut body = contact();
        body["shipping_address"][field] = value.into();
        body
    };
    let long = "x".repeat(1_000);
    let faults = [
        ("country", "XX"),
        ("country", "de"),
        ("country", "Germany"),
        ("name", ""),
        ("line1", " "),
        ("city", &long),
        ("postal_code", "1\u{0}2"),
        ("phone", &long),
    ];
    for (field, value) in faults {
        let pointer = format!("/shipping_address/{field}");
        client.change_cart(&cart, address(field, value)).await.expect_fault(422, "invalid_body", &pointer);
    }
    client.change_cart(&cart, contact()).await.expect(200);
    let option = client.change_cart(&cart, json!({"shipping_option_id": "by-camel"})).await;
    option.expect_fault(422, "invalid_body", "/shipping_option_id");
    let discount = client.change_cart(&cart, json!({"discount_codes": ["no-such-code"]})).await;
    discount.expect_fault(422, "discount_unknown", "/discount_codes/0");
    for currency in ["XXX", "usd", "", "DOLLARS"] {
        let answer = client.post("/api/v1/carts", json!({"currency": currency})).await;
        answer.expect_fault(422, "invalid_body", "/currency");
    }
    unharmed(shop).await;
}

#[tokio::test]
async fn what_a_room_or_a_guest_cannot_be_is_pointed_at() {
    let (shop, client) = shop_with_lamps().await;
    for name in ["", "   ", &"x".repeat(10_000)] {
        let answer = client.post("/api/v1/sessions/guest", json!({"name": name})).await;
        answer.expect_fault(422, "invalid_body", "/name");
    }
    let ada = client.acting_as(&client.guest("Ada").await.token);
    let product = client.variant("lamp-1").await.product_id;
    let kind = ada.post("/api/v1/rooms", json!({"kind": "cellar", "subject_id": product})).await;
    kind.expect_fault(422, "invalid_body", "/kind");
    for subject in [json!(null), json!("prod_nonsense"), json!("")] {
        let answer = ada.post("/api/v1/rooms", json!({"kind": "product", "subject_id": subject})).await;
        answer.expect_fault(422, "invalid_body", "/subject_id");
    }
    let room = ada.product_room(&product).await;
    for text in ["", " \n ", &"x".repeat(4_001)] {
        ada.post_message(&room, text, "m-1").await.expect_fault(422, "invalid_body", "/text");
    }
    for client_id in ["", &"x".repeat(1_000)] {
        ada.post_message(&room, "hello", client_id).await.expect_fault(422, "invalid_body", "/client_id");
    }
    assert_eq!(client.messages(&room).await, Vec::<Value>::new());
    unharmed(shop).await;
}
