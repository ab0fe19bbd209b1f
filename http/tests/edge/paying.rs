//! Webhooks of the payment provider, and refunds by staff.

use axum::http::Method;
use serde_json::{Value, json};
use souk_actors::viewer::{Identity, Role};
use souk_domain::time::Timestamp;
use souk_integrations::payments::signature::sign;
use std::time::Duration;

use super::answer::Answer;
use super::shop::{Shop, WEBHOOK_SECRET};

const HOOK: &str = "/api/v1/payments/webhooks/sandbox";

fn event(intent: &str) -> String {
    json!({ "id": "evt_1", "type": "intent.captured", "created": "2026-01-01T00:00:00Z", "intent": intent }).to_string()
}

async fn send(shop: &Shop, signature: &str, body: &str) -> Answer {
    shop.ask(Method::POST, HOOK).header("sandbox-signature", signature).bytes(body.to_owned()).send().await
}

async fn ordered(shop: &Shop) -> Value {
    let pot = shop.product("pot", 9, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    shop.place(&cart, "k").await.expect(201).json()
}

async fn journal(shop: &Shop, order: &Value) -> u64 {
    let id = souk_persistence::journal::EntityId::new(order["payment"]["id"].as_str().unwrap());
    shop.app.market.payments.directory.read(&id, |_, seq| seq).await.unwrap()
}

fn staff(shop: &Shop) -> String {
    let who = Identity { id: "staff:ada".into(), name: "Ada".into(), role: Role::Staff };
    shop.app.edge.tokens.issue(&who, shop.app.market.clock.now())
}

#[tokio::test]
async fn each_bad_webhook_has_its_code_and_changes_nothing() {
    let shop = Shop::open().await;
    let order = ordered(&shop).await;
    let intent = order["payment"]["client"]["intent"].as_str().unwrap();
    let (before, now) = (journal(&shop, &order).await, shop.app.market.clock.now());
    let (body, other) = (event(intent), event("sbx_other"));
    let signed = |body: &str, at: Timestamp| sign(WEBHOOK_SECRET, body.as_bytes(), at);
    let long_ago = now.minus(Duration::from_secs(302));
    let hour_ahead = now.plus(Duration::from_secs(3_600));
    let nonsense = "{\"id\": 1}";
    for (signature, body, status, code) in [
        (sign("whsec_2", body.as_bytes(), now), body.as_str(), 400, "webhook_signature_invalid"),
        (signed(&other, now), &body, 400, "webhook_signature_invalid"),
        (signed(&body, long_ago), &body, 400, "webhook_stale"),
        (signed(&body, hour_ahead), &body, 400, "webhook_stale"),
        ("v1=zz".to_owned(), &body, 400, "webhook_malformed"),
        (signed(nonsense, now), nonsense, 400, "webhook_malformed"),
        (signed(&other, now), &other, 404, "webhook_intent_unknown"),
    ] {
        assert_eq!(send(&shop, &signature, body).await.expect(status).code(), code, "{signature} {body}");
    }
    let unsigned = shop.ask(Method::POST, HOOK).bytes(body.clone()).send().await.expect(400);
    assert_eq!(unsigned.code(), "webhook_signature_invalid");
    let elsewhere = shop.ask(Method::POST, "/api/v1/payments/webhooks/stripe");
    elsewhere.header("sandbox-signature", signed(&body, now)).bytes(body.clone()).send().await.expect(404);
    let huge = "x".repeat(300_000);
    assert_eq!(send(&shop, &signed(&huge, now), &huge).await.expect(413).code(), "body_too_large");
    assert_eq!(journal(&shop, &order).await, before, "nothing happened");
}

#[tokio::test]
async fn a_webhook_is_a_hint_and_a_replay_of_it_changes_nothing() {
    let shop = Shop::open().await;
    let order = ordered(&shop).await;
    let intent = order["payment"]["client"]["intent"].as_str().unwrap();
    let (body, now) = (event(intent), shop.app.market.clock.now());
    let signature = sign(WEBHOOK_SECRET, body.as_bytes(), now);
    let payment = format!("/api/v1/payments/{}", order["payment"]["id"].as_str().unwrap());
    let key = order["access_key"].as_str().unwrap();
    send(&shop, &signature, &body).await.expect(204);
    let shown = shop.ask(Method::GET, &payment).header("order-key", key).send().await.expect(200).json();
    assert_eq!(shown["status"], "requires_method", "it says captured, and the provider says no");
    assert_eq!(shop.confirm(&order, "tok_ok").await.expect(200).json()["status"], "captured");
    let before = journal(&shop, &order).await;
    for _ in 0..3 {
        send(&shop, &signature, &body).await.expect(204);
    }
    assert_eq!(journal(&shop, &order).await, before);
}

#[tokio::test]
async fn staff_refund_a_part_and_the_rest() {
    let shop = Shop::open().await;
    let order = ordered(&shop).await;
    let total = order["totals"]["total"]["amount"].as_i64().unwrap();
    shop.confirm(&order, "tok_ok").await.expect(200);
    let (ada, path) = (staff(&shop), format!("/api/v1/orders/{}/refunds", order["id"].as_str().unwrap()));
    let ask = async |key: &str, body: Value| {
        shop.ask(Method::POST, &path).bearer(&ada).header("idempotency-key", key).json(&body).send().await
    };
    let part = json!({ "amount": { "amount": 100, "currency": "USD" }, "reason": "a chip" });
    let first = ask("r1", part.clone()).await.expect(201).json();
    assert_eq!((&first["status"], &first["requested_by"]), (&json!("done"), &json!("staff:ada")));
    assert_eq!(ask("r1", part).await.expect(201).json(), first);
    let other = json!({ "amount": { "amount": 101, "currency": "USD" }, "reason": "a chip" });
    assert_eq!(ask("r1", other).await.expect(422).code(), "idempotency_key_reused");
    let too_much = json!({ "amount": { "amount": total, "currency": "USD" }, "reason": "all" });
    for _ in 0..2 {
        assert_eq!(ask("r2", too_much.clone()).await.expect(409).code(), "refund_too_large");
    }
    ask("r3", json!({ "reason": "the rest" })).await.expect(201);
    let key = order["access_key"].as_str().unwrap();
    let path = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
    let shown = shop.ask(Method::GET, &path).header("order-key", key).send().await.expect(200).json();
    assert_eq!((&shown["status"], &shown["refunded"]["amount"]), (&json!("refunded"), &json!(total)));
    let timeline = shop.ask(Method::GET, &format!("{path}/timeline")).header("order-key", key).send().await.json();
    let entries = timeline["items"].as_array().unwrap();
    assert_eq!(entries.iter().filter(|entry| entry["type"] == "refunded").count(), 2);
    let list = shop.ask(Method::GET, &format!("{path}/refunds")).bearer(&ada).send().await.expect(200).json();
    let statuses: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["status"].clone()).collect();
    assert_eq!(statuses, ["done", "refused", "done"]);
}

#[tokio::test]
async fn refunds_are_for_staff_and_need_a_key_and_a_sum() {
    let shop = Shop::open().await;
    let order = ordered(&shop).await;
    let path = format!("/api/v1/orders/{}/refunds", order["id"].as_str().unwrap());
    let (ada, (_, guest)) = (staff(&shop), shop.guest("Bob").await);
    let body = json!({ "reason": "all" });
    let ask = || shop.ask(Method::POST, &path).header("idempotency-key", "k").json(&body);
    assert_eq!(ask().send().await.expect(401).code(), "credentials_missing");
    assert_eq!(ask().header("order-key", order["access_key"].as_str().unwrap()).send().await.expect(401).status, 401);
    assert_eq!(ask().bearer(&guest).send().await.expect(403).code(), "forbidden");
    assert_eq!(ask().bearer(&ada).send().await.expect(409).code(), "refund_too_large", "nothing is paid");
    shop.ask(Method::GET, &path).send().await.expect(401);
    shop.ask(Method::GET, &path).bearer(&guest).send().await.expect(403);
    let keyless = shop.ask(Method::POST, &path).bearer(&ada).json(&body).send().await.expect(400);
    assert_eq!(keyless.code(), "idempotency_key_missing");
    for bad in [
        json!({}),
        json!({ "reason": " " }),
        json!({ "reason": "x", "amount": 5 }),
        json!({ "reason": "x", "amount": { "amount": 0, "currency": "USD" } }),
        json!({ "reason": "x", "amount": { "amount": -5, "currency": "USD" } }),
        json!({ "reason": "x", "amount": { "amount": 5, "currency": "EUR" } }),
        json!({ "reason": "x", "who": "me" }),
    ] {
        let answer = shop.ask(Method::POST, &path).bearer(&ada).header("idempotency-key", "b").json(&bad).send().await;
        assert_eq!(answer.expect(422).code(), "invalid_body", "{bad}");
    }
    let nowhere = "/api/v1/orders/ord_00000000000000000000000007/refunds";
    shop.ask(Method::POST, nowhere).bearer(&ada).header("idempotency-key", "k").json(&body).send().await.expect(404);
}
