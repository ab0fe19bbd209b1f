//! What speaks against an order or a payment.

use reqwest::Method;
use serde_json::json;

use super::support::buyer::{Order, contact};
use super::{shop_with_lamps, unharmed};

#[tokio::test]
async fn a_missing_or_bad_idempotency_key_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let lamp = client.variant("lamp-1").await;
    let cart = client.filled_cart(&[(&lamp, 1)]).await;
    let body = json!({"cart_id": cart});
    let without = client.post("/api/v1/orders", body.clone()).await;
    without.expect_problem(400, "idempotency_key_missing");
    let long = "k".repeat(256);
    for key in ["", "\"\"", " ", "two words", "\"open", "\u{e9}", &long] {
        let answer = client.place(&cart, key).await;
        assert!(answer.is(400), "{key:?}: {answer}");
        assert!(["idempotency_key_missing", "idempotency_key_invalid"].contains(&answer.code().as_str()), "{answer}");
    }
    let twice = [("idempotency-key", "one"), ("idempotency-key", "two")];
    let answer = client.send(Method::POST, "/api/v1/orders", &twice, Some(&body)).await;
    answer.expect_problem(400, "idempotency_key_invalid");
    assert_eq!(client.available("lamp-1").await, 10);
    let longest = "k".repeat(255);
    Order::from(&client.place_to_the_end(&cart, &longest).await);
    unharmed(shop).await;
}

#[tokio::test]
async fn an_order_that_lacks_something_says_what() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.new_cart().await;
    client.place(&cart, "empty").await.expect_problem(409, "cart_empty");
    client.add_line(&cart, &client.variant("lamp-1").await, 1).await.expect(200);
    let lacking = client.place(&cart, "lacking").await;
    for pointer in ["/email", "/shipping_address", "/shipping_option_id"] {
        lacking.expect_fault(422, "cart_incomplete", pointer);
    }
    client.change_cart(&cart, contact()).await.expect(200);
    let still = client.place(&cart, "still-lacking").await;
    let problem = still.expect_fault(422, "cart_incomplete", "/shipping_option_id");
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1), "{problem}");
    client.place("cart_00000000000000000000000001", "one").await.expect_problem(404, "not_found");
    client.place("nonsense", "one").await.expect_fault(422, "invalid_body", "/cart_id");
    let unknown = client.place_body(json!({"cart_id": cart, "total": 1}), "one").await;
    unknown.expect_fault(422, "invalid_body", "/total");
    assert_eq!(client.available("lamp-1").await, 10);
    unharmed(shop).await;
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.filled_cart(&[(&client.variant("lamp-1").await, 1)]).await;
    let order = Order::from(&client.place_to_the_end(&cart, "one").await);
    let total = order.body["totals"]["total"].clone();
    let other = client.place_body(json!({"cart_id": cart, "expected_total": total}), "one").await;
    other.expect_problem(422, "idempotency_key_reused");
    assert_eq!(Order::from(&client.place(&cart, "one").await).id, order.id);
    assert_eq!(client.available("lamp-1").await, 9);
    unharmed(shop).await;
}

#[tokio::test]
async fn a_second_confirm_captures_nothing() {
    let (shop, client) = shop_with_lamps().await;
    let order = client.ordered(&[(&client.variant("lamp-1").await, 1)]).await;
    let first = client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    let second = client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    assert_eq!(first, second);
    let shown = client.until_status(&order, "confirmed").await;
    assert_eq!(shown["totals"]["total"], order.body["totals"]["total"]);
    unharmed(shop).await;
}

#[tokio::test]
async fn a_payment_by_no_known_method_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let order = client.ordered(&[(&client.variant("lamp-1").await, 1)]).await;
    let path = format!("/api/v1/payments/{}/confirm", order.payment_id);
    let bodies = [
        json!({}),
        json!({"method": "sandbox_card"}),
        json!({"method": {"type": "cash"}}),
        json!({"method": {"type": "sandbox_card"}}),
        json!({"method": {"type": "sandbox_card", "token": 4_242_424_242_424_242_i64}}),
        json!({"method": {"type": "sandbox_card", "token": "tok_ok"}, "amount": 1}),
    ];
    for body in bodies {
        let answer = client.send(Method::POST, &path, &[("order-key", &order.key)], Some(&body)).await;
        let problem = answer.expect_problem(422, "invalid_body");
        assert!(problem["errors"][0]["pointer"].is_string(), "{answer}");
    }
    assert_eq!(client.order(&order).await.expect(200)["status"], "awaiting_payment");
    unharmed(shop).await;
}
