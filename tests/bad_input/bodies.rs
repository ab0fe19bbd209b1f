//! JSON that is broken, too large, too deep or not what the call takes.

use reqwest::Method;
use serde_json::json;

use super::support::answer::Answer;
use super::support::client::Client;
use super::{shop_with_lamps, unharmed};

const JSON: (&str, &str) = ("content-type", "application/json");

async fn post(client: &Client, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    client.send_bytes(Method::POST, path, &[JSON], body.into()).await
}

#[tokio::test]
async fn what_is_not_json_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let broken: [&[u8]; 8] = [
        b"{",
        b"{\"currency\": }",
        b"{\"currency\": \"USD\",}",
        b"{} {}",
        b"currency=USD",
        b"{\"currency\": \"\xC3\x28\"}",
        b"\xFF\xFE{\x00}\x00",
        b"\x00",
    ];
    for body in broken {
        post(&client, "/api/v1/carts", body).await.expect_problem(400, "malformed_json");
    }
    unharmed(shop).await;
}

#[tokio::test]
async fn deep_json_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    let lists = |depth| format!("{{\"currency\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth| format!("{}1{}", "{\"currency\":".repeat(depth), "}".repeat(depth));
    for body in [lists(200), lists(100_000), objects(200), objects(15_000), "[".repeat(200_000)] {
        let answer = post(&client, "/api/v1/carts", body).await;
        // Whichever is noticed first: that it is too deep, or that a field cannot have such a value.
        let code = if answer.is(400) { "malformed_json" } else { "invalid_body" };
        answer.expect_problem(if answer.is(400) { 400 } else { 422 }, code);
    }
    unharmed(shop).await;
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    // Just above the default of `server.max_body_bytes`: the connection has room for all of it, so the answer arrives.
    let large = json!({"name": "x".repeat(300 * 1024)}).to_string();
    post(&client, "/api/v1/sessions/guest", large).await.expect_problem(413, "body_too_large");
    // Far above: the server may hang up before it has read it all, but must not take it.
    let huge = json!({"name": "x".repeat(64 * 1024 * 1024)}).to_string();
    let answer = post(&client, "/api/v1/sessions/guest", huge).await;
    assert!(answer.is_lost() || answer.is(413), "{answer}");
    unharmed(shop).await;
}

#[tokio::test]
async fn another_kind_of_body_is_refused() {
    let (shop, client) = shop_with_lamps().await;
    for headers in
        [&[("content-type", "text/plain")][..], &[("content-type", "application/x-www-form-urlencoded")], &[]]
    {
        let answer =
            client.send_bytes(Method::POST, "/api/v1/sessions/guest", headers, br#"{"name":"Ada"}"#.to_vec()).await;
        answer.expect_problem(415, "unsupported_media_type");
    }
    let charset = [("content-type", "application/json; charset=utf-8")];
    let answer =
        client.send_bytes(Method::POST, "/api/v1/sessions/guest", &charset, br#"{"name":"Ada"}"#.to_vec()).await;
    answer.expect(201);
    unharmed(shop).await;
}

#[tokio::test]
async fn an_unknown_a_missing_and_a_doubled_field_are_pointed_at() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.new_cart().await;
    let lamp = client.variant("lamp-1").await;
    let lines = format!("/api/v1/carts/{cart}/lines");

    let unknown = json!({"variant_id": lamp.id, "quantity": 1, "price": 1});
    let problem = client.post(&lines, unknown).await.expect_fault(422, "invalid_body", "/price");
    assert_eq!(problem["errors"][0]["code"], "unknown");
    let missing = client.post(&lines, json!({"variant_id": lamp.id})).await;
    assert_eq!(missing.expect_fault(422, "invalid_body", "/quantity")["errors"][0]["code"], "missing");
    let doubled = format!("{{\"variant_id\": \"{}\", \"quantity\": 1, \"quantity\": 2}}", lamp.id);
    post(&client, &lines, doubled).await.expect_problem(422, "invalid_body");

    client.post("/api/v1/carts", json!({"total": 0})).await.expect_fault(422, "invalid_body", "/total");
    client.post("/api/v1/carts", json!({"owner": "acct_1"})).await.expect_fault(422, "invalid_body", "/owner");
    let nested = json!({"shipping_address": {"planet": "Earth"}});
    client.change_cart(&cart, nested).await.expect_fault(422, "invalid_body", "/shipping_address/planet");
    let role = json!({"name": "Ada", "role": "admin"});
    client.post("/api/v1/sessions/guest", role).await.expect_fault(422, "invalid_body", "/role");
    let shown = client.get(&format!("/api/v1/carts/{cart}")).await.expect(200);
    assert_eq!(shown["lines"], json!([]), "nothing of it was taken");
    unharmed(shop).await;
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_pointed_at() {
    let (shop, client) = shop_with_lamps().await;
    let cart = client.new_cart().await;
    let lamp = client.variant("lamp-1").await;
    let lines = format!("/api/v1/carts/{cart}/lines");
    for quantity in [json!("1"), json!(1.5), json!(null), json!([1]), json!(true), json!({})] {
        let answer = client.post(&lines, json!({"variant_id": lamp.id, "quantity": quantity})).await;
        answer.expect_fault(422, "invalid_body", "/quantity");
    }
    for id in [json!(1), json!(null), json!([lamp.id])] {
        let answer = client.post(&lines, json!({"variant_id": id, "quantity": 1})).await;
        answer.expect_fault(422, "invalid_body", "/variant_id");
    }
    for body in ["[]", "\"cart\"", "1", "null", "true"] {
        post(&client, &lines, body).await.expect_problem(422, "invalid_body");
    }
    let email = client.change_cart(&cart, json!({"email": 5})).await;
    assert_eq!(email.expect_fault(422, "invalid_body", "/email")["errors"][0]["code"], "wrong_type");
    let line1 = client.change_cart(&cart, json!({"shipping_address": {"line1": 5}})).await;
    line1.expect_fault(422, "invalid_body", "/shipping_address/line1");
    unharmed(shop).await;
}
