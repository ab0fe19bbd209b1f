//! From a cart to a paid order, and what stands in the way.

use axum::http::Method;
use serde_json::{Value, json};

use super::shop::{Shop, address};

#[tokio::test]
async fn the_whole_way() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let made = shop.post("/api/v1/carts", json!({ "currency": "USD" })).await.expect(201);
    let cart = made.json();
    let path = format!("/api/v1/carts/{}", cart["id"].as_str().unwrap());
    assert_eq!(made.header("location"), path);
    assert_eq!(
        (&cart["status"], &cart["lines"], &cart["totals"]["total"]["amount"]),
        (&"open".into(), &json!([]), &0.into())
    );

    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    shop.post(&format!("{path}/lines"), line.clone()).await.expect(200);
    shop.post(&format!("{path}/lines"), line).await.expect(200);
    let line_path = format!("{path}/lines/{}", pot.variant_id);
    let cart = shop.patch(&line_path, json!({ "quantity": 3 })).await.expect(200).json();
    assert_eq!((&cart["lines"][0]["quantity"], &cart["lines"][0]["total"]["amount"]), (&3.into(), &3_000.into()));

    assert_eq!(shop.get(&format!("{path}/shipping-options")).await.expect(200).json()["items"], json!([]));
    shop.patch(&path, json!({ "email": "ada@example.com", "shipping_address": address() })).await.expect(200);
    let options = shop.get(&format!("{path}/shipping-options")).await.expect(200).json();
    assert_eq!(options["items"][0]["price"], json!({ "amount": 500, "currency": "USD" }));
    let cart = shop.patch(&path, json!({ "shipping_option_id": "standard" })).await.expect(200).json();
    assert_eq!(cart["totals"]["total"]["amount"], 3_000 + 500 + 570);
    assert_eq!(shop.get(&path).await.expect(200).json(), cart);

    let body = json!({ "cart_id": cart["id"], "expected_total": cart["totals"]["total"] });
    let placing = || shop.ask(Method::POST, "/api/v1/orders").header("idempotency-key", "\"k1\"").json(&body).send();
    let placed = placing().await.expect(201);
    let order = placed.json();
    assert_eq!(placed.header("location"), format!("/api/v1/orders/{}", order["id"].as_str().unwrap()));
    assert_eq!(
        (&order["status"], &order["payment"]["status"]),
        (&"awaiting_payment".into(), &"requires_method".into())
    );
    assert_eq!(placing().await.expect(201).json(), order, "the same key has the same answer");

    let paid = shop.confirm(&order, "tok_ok").await.expect(200).json();
    assert_eq!(paid["status"], "captured");
    assert_eq!(shop.confirm(&order, "tok_ok").await.expect(200).json()["status"], "captured");

    let (id, key) = (order["id"].as_str().unwrap(), order["access_key"].as_str().unwrap());
    let seen = shop.get(&format!("/api/v1/orders/{id}?key={key}")).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["access_key"]), (&"confirmed".into(), &Value::Null));
    let payment = order["payment"]["id"].as_str().unwrap();
    let payment = shop.get(&format!("/api/v1/payments/{payment}?key={key}")).await.expect(200).json();
    assert_eq!(payment["status"], "captured");
    let timeline = shop.get(&format!("/api/v1/orders/{id}/timeline?key={key}")).await.expect(200).json();
    let entries = timeline["items"].as_array().unwrap();
    assert!(entries.iter().all(|entry| entry["at"].is_string() && entry["title"].is_string()));
    assert_eq!(entries[0]["type"], "placed");
    let cancel = shop.ask(Method::POST, &format!("/api/v1/orders/{id}/cancel?key={key}")).send().await.expect(409);
    assert_eq!(cancel.code(), "order_not_cancellable");
    assert_eq!(shop.get("/api/v1/products/pot").await.json()["variants"][0]["available"], 2);
    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    assert_eq!(shop.post(&format!("{path}/lines"), line).await.expect(409).code(), "cart_completed");
}

#[tokio::test]
async fn a_line_can_be_taken_out() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.filled_cart(&pot, 2).await;
    let path = format!("/api/v1/carts/{cart}/lines/{}", pot.variant_id);
    assert_eq!(shop.ask(Method::DELETE, &path).send().await.expect(200).json()["lines"], json!([]));
    assert_eq!(shop.ask(Method::DELETE, &path).send().await.expect(404).code(), "not_found");
    assert_eq!(shop.place(&cart, "k").await.expect(409).code(), "cart_empty");
}

#[tokio::test]
async fn too_few_are_left() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 2, 1_000).await;
    let cart = shop.filled_cart(&pot, 3).await;
    let refused = shop.place(&cart, "k1").await.expect(409);
    assert_eq!(refused.code(), "out_of_stock");
    assert_eq!(refused.json()["items"], json!([{ "variant_id": pot.variant_id, "available": 2 }]));
    assert_eq!(shop.place(&cart, "k1").await.expect(409).json()["items"], refused.json()["items"]);
    shop.patch(&format!("/api/v1/carts/{cart}/lines/{}", pot.variant_id), json!({ "quantity": 2 })).await.expect(200);
    shop.place(&cart, "k2").await.expect(201);
}

#[tokio::test]
async fn a_price_that_changed_is_shown_and_then_taken() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    shop.product("pot", 5, 1_200).await;
    let refused = shop.place(&cart, "k1").await.expect(409);
    assert_eq!(refused.code(), "price_changed");
    let money = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let items = json!([{ "variant_id": pot.variant_id, "old": money(1_000), "new": money(1_200) }]);
    assert_eq!(refused.json()["items"], items);
    let shown = shop.get(&format!("/api/v1/carts/{cart}")).await.json();
    assert_eq!(shown["lines"][0]["unit_price"]["amount"], 1_200);

    let body = json!({ "cart_id": cart, "expected_total": money(1) });
    let other_total = shop.ask(Method::POST, "/api/v1/orders").header("idempotency-key", "k2").json(&body).send().await;
    assert_eq!(other_total.expect(409).code(), "price_changed");
    shop.place(&cart, "k3").await.expect(201);
}

#[tokio::test]
async fn a_cart_has_one_open_order_and_a_key_has_one_request() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    let order = shop.place(&cart, "k1").await.expect(201).json();
    let second = shop.place(&cart, "k2").await.expect(409);
    assert_eq!((second.code(), &second.json()["order_id"]), ("cart_in_checkout".into(), &order["id"]));
    let body = json!({ "cart_id": cart, "expected_total": { "amount": 7, "currency": "USD" } });
    let reused = shop.ask(Method::POST, "/api/v1/orders").header("idempotency-key", "k1").json(&body).send().await;
    assert_eq!(reused.expect(422).code(), "idempotency_key_reused");
    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    let locked = shop.post(&format!("/api/v1/carts/{cart}/lines"), line).await.expect(409);
    assert_eq!((locked.code(), &locked.json()["order_id"]), ("cart_in_checkout".into(), &order["id"]));

    let (id, key) = (order["id"].as_str().unwrap(), order["access_key"].as_str().unwrap());
    let cancelled =
        shop.ask(Method::POST, &format!("/api/v1/orders/{id}/cancel")).header("order-key", key).send().await;
    assert_eq!(cancelled.expect(200).json()["status"], "cancelled");
    assert_eq!(shop.confirm(&order, "tok_ok").await.expect(409).code(), "payment_closed");
    assert_eq!(shop.get("/api/v1/products/pot").await.json()["variants"][0]["available"], 5);
}

#[tokio::test]
async fn what_an_order_needs_is_named() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let cart = shop.post("/api/v1/carts", json!({})).await.json();
    let path = format!("/api/v1/carts/{}", cart["id"].as_str().unwrap());
    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    shop.post(&format!("{path}/lines"), line).await.expect(200);
    let refused = shop.place(cart["id"].as_str().unwrap(), "k").await.expect(422);
    assert_eq!(refused.code(), "cart_incomplete");
    let pointers: Vec<_> = refused.json()["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/email", "/shipping_address", "/shipping_option_id"]);
}

#[tokio::test]
async fn a_declined_card_and_a_challenge() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let order = shop.place(&shop.filled_cart(&pot, 1).await, "k").await.expect(201).json();
    assert_eq!(shop.confirm(&order, "tok_declined").await.expect(200).json()["status"], "declined");
    let challenged = shop.confirm(&order, "tok_challenge").await.expect(200).json();
    assert_eq!(challenged["status"], "requires_action");
    let action = challenged["action_url"].as_str().unwrap();
    shop.post(action, json!({ "outcome": "perhaps" })).await.expect(422);
    assert_eq!(shop.post(action, json!({ "outcome": "pass" })).await.expect(200).json()["status"], "captured");
    assert_eq!(shop.confirm(&order, "tok_ok").await.expect(200).json()["status"], "captured");
    shop.post("/sandbox/challenges/none", json!({ "outcome": "pass" })).await.expect(404);
}
