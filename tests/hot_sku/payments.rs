//! Each outcome of a payment, and what it does to order and stock.

use serde_json::json;

use super::support::answer::Answer;
use super::support::buyer::Order;
use super::support::catalogue::Csv;
use super::support::client::Client;
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

async fn opened(shop: Shop) -> (Shop, Client) {
    let shop = shop.opened_with(&Csv::new().product("lamp", 10, "19.99")).await;
    let client = shop.client();
    (shop, client)
}

async fn order_a_lamp(client: &Client) -> Order {
    client.ordered(&[(&client.variant("lamp").await, 1)]).await
}

#[tokio::test]
async fn a_declined_payment_leaves_the_order_open_for_another_try() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    for _ in 0..2 {
        assert_eq!(client.confirm_to_the_end(&order, "tok_declined").await.expect(200)["status"], "declined");
        assert_eq!(client.order(&order).await.expect(200)["status"], "awaiting_payment");
        assert_eq!(client.available("lamp").await, 9, "the unit stays held");
    }
    assert_eq!(client.confirm_to_the_end(&order, "tok_ok").await.expect(200)["status"], "captured");
    client.until_status(&order, "confirmed").await;
    assert_eq!(client.available("lamp").await, 9);
    shop.close_and_check().await;
}

#[tokio::test]
async fn confirming_what_is_captured_answers_the_same() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    let first = client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    for token in ["tok_ok", "tok_declined", "tok_challenge"] {
        assert_eq!(client.confirm_to_the_end(&order, token).await.expect(200), first, "{token}");
    }
    client.until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_challenge_that_is_passed_pays() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    answer_challenge(&client, &order, "pass").await;
    client.until_status(&order, "confirmed").await;
    assert_eq!(client.confirm_to_the_end(&order, "tok_challenge").await.expect(200)["status"], "captured");
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_challenge_that_is_failed_leaves_the_order_open_for_another_try() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    answer_challenge(&client, &order, "fail").await;
    assert_eq!(client.order(&order).await.expect(200)["status"], "awaiting_payment");
    assert_eq!(client.available("lamp").await, 9);
    assert_eq!(client.confirm_to_the_end(&order, "tok_ok").await.expect(200)["status"], "captured");
    client.until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}

async fn answer_challenge(client: &Client, order: &Order, outcome: &str) {
    let confirmed = client.confirm_to_the_end(order, "tok_challenge").await.expect(200);
    assert_eq!(confirmed["status"], "requires_action", "{confirmed}");
    let url = confirmed["action_url"].as_str().unwrap_or_else(|| panic!("no action_url: {confirmed}"));
    // With or without the shop's own address before it.
    let path = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("/", |start| &rest[start..]));
    let answer = client.post(path, json!({"outcome": outcome})).await;
    assert!(answer.is(200) || answer.is(204), "{answer}");
}

#[tokio::test]
async fn a_late_payment_confirms_the_order_when_the_provider_tells() {
    let (mut shop, client) = opened(Shop::new().set("SANDBOX__LATE_SECONDS", 1)).await;
    let order = order_a_lamp(&client).await;
    assert_eq!(client.confirm_to_the_end(&order, "tok_late").await.expect(200)["status"], "processing");
    client.until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_payment_that_is_later_than_its_hold_keeps_the_units_within_the_grace() {
    let settings = Shop::new().set("SANDBOX__LATE_SECONDS", 3).set("CHECKOUT__HOLD_SECONDS", 1);
    let (mut shop, client) = opened(settings.set("CHECKOUT__PAYMENT_GRACE_SECONDS", 60)).await;
    let order = order_a_lamp(&client).await;
    assert_eq!(client.confirm_to_the_end(&order, "tok_late").await.expect(200)["status"], "processing");
    client.until_status(&order, "confirmed").await;
    client.until_available("lamp", 9).await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn money_that_comes_after_the_grace_goes_back() {
    let settings = Shop::new().set("SANDBOX__LATE_SECONDS", 6).set("CHECKOUT__HOLD_SECONDS", 1);
    let (mut shop, client) = opened(settings.set("CHECKOUT__PAYMENT_GRACE_SECONDS", 1)).await;
    let order = order_a_lamp(&client).await;
    assert_eq!(client.confirm_to_the_end(&order, "tok_late").await.expect(200)["status"], "processing");
    eventually("the order expires and its money goes back", SOON * 2, async || {
        let shown = client.order(&order).await.expect(200);
        match (shown["status"].as_str(), shown["payment"]["status"].as_str()) {
            (Some("expired"), Some("refunded")) => Ok(()),
            _ => Err(shown.to_string()),
        }
    })
    .await;
    client.until_available("lamp", 10).await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_late_payment_is_not_lost_when_the_process_dies_meanwhile() {
    let (mut shop, client) = opened(Shop::new().set("SANDBOX__LATE_SECONDS", 1)).await;
    let order = order_a_lamp(&client).await;
    assert_eq!(client.confirm_to_the_end(&order, "tok_late").await.expect(200)["status"], "processing");
    shop.kill();
    shop.open().await;
    shop.client().until_status(&order, "confirmed").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_cancelled_order_gives_its_units_back_and_cannot_be_paid() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    assert_eq!(client.available("lamp").await, 9);
    client.cancel(&order).await.expect(200);
    client.until_status(&order, "cancelled").await;
    client.until_available("lamp", 10).await;
    client.cancel(&order).await.expect(200);
    let confirm = client.confirm_to_the_end(&order, "tok_ok").await;
    assert!(confirm.is(409), "{confirm}");
    assert_eq!(client.order(&order).await.expect(200)["status"], "cancelled");
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_confirmed_order_cannot_be_cancelled() {
    let (mut shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;
    let refused: Answer = client.cancel(&order).await;
    assert!(refused.is(409) && !refused.code().is_empty(), "{refused}");
    assert_eq!(client.available("lamp").await, 9);
    shop.close_and_check().await;
}

#[tokio::test]
async fn without_its_key_a_guests_order_is_not_there() {
    let (shop, client) = opened(Shop::new()).await;
    let order = order_a_lamp(&client).await;
    for key in ["", "wrong", &order.id] {
        let stranger = Order { key: key.to_owned(), ..order.clone() };
        client.order(&stranger).await.expect_problem(404, "not_found");
        client.cancel(&stranger).await.expect_problem(404, "not_found");
        client.confirm(&stranger, "tok_ok").await.expect_problem(404, "not_found");
    }
    let by_query = client.get(&format!("/api/v1/orders/{}?key={}", order.id, order.key)).await.expect(200);
    assert_eq!(by_query["status"], "awaiting_payment");
    drop(shop);
}
