//! What was shown and what is asked.

use serde_json::json;

use super::support::buyer::Order;
use super::support::catalogue::Csv;
use super::support::shop::Shop;

#[tokio::test]
async fn a_price_that_changed_since_it_was_shown_is_told_before_anything_is_held() {
    let mut shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99")).await;
    let client = shop.client();
    let lamp = client.variant("lamp").await;
    let cart = client.filled_cart(&[(&lamp, 2)]).await;

    shop.close().await;
    shop.import(&Csv::new().product("lamp", 10, "24.99")).await.assert_succeeded();
    shop.open().await;
    let client = shop.client();
    assert_eq!(client.variant("lamp").await.price, 2499);

    let refused = client.place_to_the_end(&cart, "old").await;
    let problem = refused.expect_problem(409, "price_changed");
    let money = |amount: i64| json!({"amount": amount, "currency": "USD"});
    assert_eq!(problem["items"], json!([{"variant_id": lamp.id, "old": money(1999), "new": money(2499)}]));
    assert_eq!(client.available("lamp").await, 10, "nothing is held");

    let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    assert_eq!(shown["lines"][0]["unit_price"]["amount"], 2499, "the cart shows the new price");
    let order = Order::from(&client.place_to_the_end(&cart, "new").await);
    assert_eq!(order.body["totals"]["total"], shown["totals"]["total"]);
    shop.close_and_check().await;
}

#[tokio::test]
async fn another_total_than_the_one_expected_is_refused() {
    let mut shop = Shop::new().opened_with(&Csv::new().product("lamp", 10, "19.99")).await;
    let client = shop.client();
    let cart = client.filled_cart(&[(&client.variant("lamp").await, 2)]).await;
    let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    let mut expected = shown["totals"]["total"].clone();
    let total = expected["amount"].as_i64().unwrap_or_else(|| panic!("no total: {shown}"));
    expected["amount"] = json!(total - 1);
    let refused = client.place_body(json!({"cart_id": cart, "expected_total": expected}), "one").await;
    refused.expect_problem(409, "price_changed");
    assert_eq!(client.available("lamp").await, 10);
    expected["amount"] = json!(total);
    Order::from(&client.place_body(json!({"cart_id": cart, "expected_total": expected}), "two").await);
    shop.close_and_check().await;
}
