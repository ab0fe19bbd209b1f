//! URLs, ids, cursors, headers.

use reqwest::Method;
use serde_json::json;

use super::support::answer::Answer;
use super::support::wait::{SOON, eventually};
use super::{shop_with_lamps, unharmed};

#[tokio::test]
async fn a_bad_cursor_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let good = eventually("there is a second page", SOON, async || {
        let first = client.get("/api/v1/products?limit=2&sort=price").await.expect(200);
        first["next"].as_str().map(str::to_owned).ok_or_else(|| first.to_string())
    })
    .await;
    let mut bent = good.clone().into_bytes();
    bent.reverse();
    let bent = String::from_utf8(bent).unwrap_or_default();
    let endless = "A".repeat(4_000);
    for cursor in ["x", "%00", "..%2F..%2Fetc%2Fpasswd", "%27%3BDROP%20TABLE", "AAAA", "eyJ9", &bent, &endless] {
        let answer = client.get(&format!("/api/v1/products?limit=2&sort=price&cursor={cursor}")).await;
        answer.expect_problem(422, "invalid_cursor");
    }
    // A cursor belongs to its question.
    let other = client.get(&format!("/api/v1/products?limit=2&sort=-price&cursor={good}")).await;
    other.expect_problem(422, "invalid_cursor");
    client.get(&format!("/api/v1/products?limit=2&sort=price&cursor={good}")).await.expect(200);
    unharmed(shop).await;
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let (shop, client) = shop_with_lamps().await;
    let cases = [
        ("limit=0", "?limit"),
        ("limit=-1", "?limit"),
        ("limit=101", "?limit"),
        ("limit=abc", "?limit"),
        ("limit=1000000000000", "?limit"),
        ("limit=5&limit=6", "?limit"),
        ("min_price=abc", "?min_price"),
        ("max_price=-5", "?max_price"),
        ("max_price=19.99", "?max_price"),
        ("in_stock=maybe", "?in_stock"),
        ("sort=beauty", "?sort"),
        ("colour=red", "?colour"),
    ];
    for (query, pointer) in cases {
        let answer = client.get(&format!("/api/v1/products?{query}")).await;
        answer.expect_fault(422, "invalid_parameter", pointer);
    }
    for query in ["%FF%FE", "%00", "%22%22%22", "AND%20OR%20NOT", "((((", "*", "a%3Ab%5E9", "%F0%9F%8F%BA"] {
        client.get(&format!("/api/v1/products?query={query}")).await.expect(200);
    }
    let long = client.get(&format!("/api/v1/products?query={}", "lamp%20".repeat(500))).await;
    assert!(long.is(200) || long.is(422), "{long}");
    unharmed(shop).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (shop, client) = shop_with_lamps().await;
    let ids =
        ["00000000000000000000000001", "nonsense", "7zzzzzzzzzzzzzzzzzzzzzzzzz", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "%00"];
    for id in ids {
        for path in [
            format!("/api/v1/products/prod_{id}"),
            format!("/api/v1/products/{id}"),
            format!("/api/v1/carts/cart_{id}"),
            format!("/api/v1/carts/cart_{id}/shipping-options"),
            format!("/api/v1/carts/prod_{id}"),
            format!("/api/v1/orders/ord_{id}"),
            format!("/api/v1/orders/ord_{id}/timeline"),
            format!("/api/v1/rooms/room_{id}/messages"),
            format!("/api/v1/nothing/{id}"),
        ] {
            client.get(&path).await.expect_problem(404, "not_found");
        }
        let pay = json!({"method": {"type": "sandbox_card", "token": "tok_ok"}});
        client.post(&format!("/api/v1/payments/pay_{id}/confirm"), pay).await.expect_problem(404, "not_found");
        let cancel = client.send(Method::POST, &format!("/api/v1/orders/ord_{id}/cancel"), &[], None).await;
        cancel.expect_problem(404, "not_found");
    }
    let lamp = client.variant("lamp-1").await;
    let nowhere = client.add_line("cart_00000000000000000000000001", &lamp, 1).await;
    nowhere.expect_problem(404, "not_found");
    let cart = client.new_cart().await;
    let lines = format!("/api/v1/carts/{cart}/lines");
    for id in ["var_00000000000000000000000001", "var_nonsense", &lamp.product_id, ""] {
        let answer = client.post(&lines, json!({"variant_id": id, "quantity": 1})).await;
        answer.expect_fault(422, "invalid_body", "/variant_id");
    }
    client.delete(&format!("{lines}/{}", lamp.id)).await.expect_problem(404, "not_found");
    unharmed(shop).await;
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let (shop, client) = shop_with_lamps().await;
    let answer = client.delete("/api/v1/products").await;
    answer.expect_problem(405, "method_not_allowed");
    assert!(answer.header("allow").contains("GET"), "{answer}");
    let answer = client.get("/api/v1/orders").await;
    assert!(answer.is(405) || answer.is(401) || answer.is(404), "{answer}");
    unharmed(shop).await;
}

#[tokio::test]
async fn a_token_that_is_none_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let good = client.guest("Ada").await.token;
    let product = client.variant("lamp-1").await.product_id;
    let body = json!({"kind": "product", "subject_id": product});
    client.post("/api/v1/rooms", body.clone()).await.expect_problem(401, "credentials_missing");
    let (head, signature) = good.rsplit_once('.').expect("a token has parts");
    // alg: none
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", head.rsplit('.').next().unwrap_or_default());
    let forged = format!("{head}.{}", signature.chars().rev().collect::<String>());
    for token in ["x", "a.b.c", &forged, &unsigned, &"x".repeat(5_000)] {
        let answer: Answer = client.acting_as(token).post("/api/v1/rooms", body.clone()).await;
        answer.expect_problem(401, "token_invalid");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{answer}");
    }
    unharmed(shop).await;
}
