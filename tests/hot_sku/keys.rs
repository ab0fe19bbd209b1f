//! One cart, many keys; one key, many calls.

use std::collections::HashSet;

use futures::future::join_all;
use serde_json::json;

use super::support::answer::Answer;
use super::support::buyer::Order;
use super::support::catalogue::Csv;
use super::support::client::Client;
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

async fn shop_with_lamps() -> (Shop, Client) {
    let shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99").product("mug", 10, "5.00")).await;
    let client = shop.client();
    (shop, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_with_two_keys_and_one_cart_one_gets_the_order_and_the_other_is_told_which() {
    let (mut shop, client) = shop_with_lamps().await;
    let lamp = client.variant("lamp").await;
    for round in 1..=5 {
        let cart = client.filled_cart(&[(&lamp, 1)]).await;
        let answers = join_all(["one", "two"].map(|key| client.place_to_the_end(&cart, key))).await;
        let (won, lost): (Vec<&Answer>, Vec<_>) = answers.iter().partition(|answer| answer.is(201));
        assert_eq!((won.len(), lost.len()), (1, 1), "{answers:?}");
        let order = Order::from(won[0]);
        assert_eq!(lost[0].expect_problem(409, "cart_in_checkout")["order_id"], order.id);
        assert_eq!(client.available("lamp").await, 10 - round, "one hold for each cart");
        let change = client.add_line(&cart, &lamp, 1).await;
        assert_eq!(change.expect_problem(409, "cart_in_checkout")["order_id"], order.id);
    }
    shop.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_parallel_calls_with_one_key_make_one_order_and_get_one_answer() {
    let (mut shop, client) = shop_with_lamps().await;
    let cart = client.filled_cart(&[(&client.variant("lamp").await, 2)]).await;
    let first = join_all((0..20).map(|_| client.place(&cart, "one"))).await;
    for answer in &first {
        assert!(answer.is(201) || answer.is_to_be_repeated(), "{answer}");
        if answer.is(409) {
            assert!(!answer.header("retry-after").is_empty(), "when to come again: {answer}");
        }
    }
    let answers = join_all((0..20).map(|_| client.place_to_the_end(&cart, "one"))).await;
    let orders: HashSet<_> =
        first.iter().filter(|answer| answer.is(201)).chain(&answers).map(Order::from).map(|order| order.id).collect();
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert_eq!(client.available("lamp").await, 8);
    let quoted = client.place_to_the_end(&cart, "\"one\"").await;
    assert!(orders.contains(&Order::from(&quoted).id), "a quoted key is the same key");
    shop.close_and_check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_parallel_confirms_capture_once() {
    let (mut shop, client) = shop_with_lamps().await;
    let lamp = client.variant("lamp").await;
    let plain = client.ordered(&[(&lamp, 1)]).await;
    client.confirm_to_the_end(&plain, "tok_ok").await.expect(200);
    client.until_status(&plain, "confirmed").await;

    let order = client.ordered(&[(&lamp, 1)]).await;
    let answers = join_all((0..20).map(|_| client.confirm_to_the_end(&order, "tok_ok"))).await;
    for answer in &answers {
        assert_eq!(answer.expect(200)["status"], "captured", "{answer}");
    }
    client.until_status(&order, "confirmed").await;
    assert_eq!(client.available("lamp").await, 8);
    // The history of an order that was confirmed once has as many entries.
    eventually("the timeline is that of one payment", SOON, async || {
        let (one, many) = (titles(&client, &plain).await, titles(&client, &order).await);
        if one == many { Ok(()) } else { Err(format!("{many:?}, not {one:?}")) }
    })
    .await;
    shop.close_and_check().await;
}

async fn titles(client: &Client, order: &Order) -> Vec<String> {
    let timeline = client.timeline(order).await;
    let items = timeline["items"].as_array().unwrap_or_else(|| panic!("no items: {timeline}"));
    items.iter().map(|item| item["title"].to_string()).collect()
}

#[tokio::test]
async fn a_key_with_another_body_is_refused_and_a_refusal_is_kept_for_its_key() {
    let (mut shop, client) = shop_with_lamps().await;
    let lamp = client.variant("lamp").await;
    let holder = client.ordered(&[(&lamp, 9)]).await;
    let cart = client.filled_cart(&[(&lamp, 2)]).await;
    let refused = client.place_to_the_end(&cart, "one").await;
    let problem = refused.expect_problem(409, "out_of_stock");
    assert_eq!(problem["items"], json!([{"variant_id": lamp.id, "available": 1}]));

    client.cancel(&holder).await.expect(200);
    client.until_available("lamp", 10).await;
    let same = client.place_to_the_end(&cart, "one").await;
    assert_eq!(same.expect_problem(409, "out_of_stock")["items"], problem["items"], "the same key, the same answer");
    let total = json!({"amount": 1, "currency": "USD"});
    let other_body = client.place_body(json!({"cart_id": cart, "expected_total": total}), "one").await;
    other_body.expect_problem(422, "idempotency_key_reused");
    let order = Order::from(&client.place_to_the_end(&cart, "two").await);
    client.until_status(&order, "awaiting_payment").await;
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_key_gives_the_same_order_after_its_end_and_after_a_restart() {
    let (mut shop, client) = shop_with_lamps().await;
    let cart = client.filled_cart(&[(&client.variant("lamp").await, 1)]).await;
    let order = Order::from(&client.place_to_the_end(&cart, "one").await);
    client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
    client.until_status(&order, "confirmed").await;
    assert_eq!(Order::from(&client.place_to_the_end(&cart, "one").await).id, order.id);
    shop.close().await;
    shop.open().await;
    let client = shop.client();
    let again = Order::from(&client.place_to_the_end(&cart, "one").await);
    assert_eq!((again.id, again.key), (order.id.clone(), order.key.clone()));
    assert_eq!(client.available("lamp").await, 9);
    shop.close_and_check().await;
}

#[tokio::test]
async fn an_order_of_several_lines_takes_all_or_nothing() {
    let (mut shop, client) = shop_with_lamps().await;
    let (lamp, mug) = (client.variant("lamp").await, client.variant("mug").await);
    let cart = client.filled_cart(&[(&lamp, 3), (&mug, 11)]).await;
    let problem = client.place_to_the_end(&cart, "one").await.expect_problem(409, "out_of_stock");
    assert_eq!(problem["items"], json!([{"variant_id": mug.id, "available": 10}]));
    client.until_available("lamp", 10).await;
    client.until_available("mug", 10).await;
    shop.close_and_check().await;
}
