//! Who may do what: anonymous, the owner, somebody else, whoever has the key.

use axum::http::Method;
use serde_json::{Value, json};

use super::shop::{Shop, address};

#[tokio::test]
async fn a_cart_with_an_owner_is_there_for_nobody_else() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let ((_, ada), (_, bob)) = (shop.guest("Ada").await, shop.guest("Bob").await);
    let made = shop.ask(Method::POST, "/api/v1/carts").bearer(&ada).send().await.expect(201).json();
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/v1/carts/{id}");
    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    let calls: [(Method, String, Option<Value>); 6] = [
        (Method::GET, path.clone(), None),
        (Method::PATCH, path.clone(), Some(json!({ "email": "a@example.com" }))),
        (Method::GET, format!("{path}/shipping-options"), None),
        (Method::POST, format!("{path}/lines"), Some(line)),
        (Method::PATCH, format!("{path}/lines/{}", pot.variant_id), Some(json!({ "quantity": 2 }))),
        (Method::DELETE, format!("{path}/lines/{}", pot.variant_id), None),
    ];
    for (method, path, body) in calls {
        let ask = || {
            let ask = shop.ask(method.clone(), &path);
            body.as_ref().map_or_else(|| shop.ask(method.clone(), &path), |body| ask.json(body))
        };
        assert_eq!(ask().send().await.expect(404).code(), "not_found", "{method} {path}");
        ask().bearer(&bob).send().await.expect(404);
        ask().bearer(&ada).send().await.expect(200);
    }
    for (token, status) in [(&bob, 404), (&ada, 409)] {
        let body = json!({ "cart_id": id });
        let placing = shop.ask(Method::POST, "/api/v1/orders").bearer(token).header("idempotency-key", "k").json(&body);
        placing.send().await.expect(status);
    }
}

#[tokio::test]
async fn an_order_opens_for_its_owner_and_for_its_key() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let ((_, ada), (_, bob)) = (shop.guest("Ada").await, shop.guest("Bob").await);
    let cart = shop.ask(Method::POST, "/api/v1/carts").bearer(&ada).send().await.json();
    let id = cart["id"].as_str().unwrap();
    let path = format!("/api/v1/carts/{id}");
    let line = json!({ "variant_id": pot.variant_id, "quantity": 1 });
    shop.ask(Method::POST, &format!("{path}/lines")).bearer(&ada).json(&line).send().await.expect(200);
    let change = json!({ "email": "ada@example.com", "shipping_address": address(), "shipping_option_id": "standard" });
    shop.ask(Method::PATCH, &path).bearer(&ada).json(&change).send().await.expect(200);
    let placing = shop.ask(Method::POST, "/api/v1/orders").bearer(&ada).header("idempotency-key", "k");
    let order = placing.json(&json!({ "cart_id": id })).send().await.expect(201).json();
    let (order_id, payment_id) = (order["id"].as_str().unwrap(), order["payment"]["id"].as_str().unwrap());
    let key = order["access_key"].as_str().unwrap();

    let pay = json!({ "method": { "type": "sandbox_card", "token": "tok_declined" } });
    let calls = [
        (Method::GET, format!("/api/v1/orders/{order_id}"), None),
        (Method::GET, format!("/api/v1/orders/{order_id}/timeline"), None),
        (Method::GET, format!("/api/v1/payments/{payment_id}"), None),
        (Method::POST, format!("/api/v1/payments/{payment_id}/confirm"), Some(pay)),
        (Method::POST, format!("/api/v1/orders/{order_id}/cancel"), None),
    ];
    for (method, path, body) in calls {
        let ask = |path: &str| match &body {
            Some(body) => shop.ask(method.clone(), path).json(body),
            None => shop.ask(method.clone(), path),
        };
        assert_eq!(ask(&path).send().await.expect(404).code(), "not_found", "{path}");
        ask(&path).bearer(&bob).send().await.expect(404);
        ask(&path).header("order-key", "wrong").send().await.expect(404);
        ask(&format!("{path}?key=wrong")).send().await.expect(404);
        ask(&path).bearer(&ada).send().await.expect(200);
        if !path.ends_with("cancel") {
            ask(&path).header("order-key", key).send().await.expect(200);
            ask(&format!("{path}?key={key}")).bearer(&bob).send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_bad_token_is_told_even_where_none_is_needed() {
    let shop = Shop::open().await;
    for value in ["Bearer nonsense", "Basic YTpi", "Bearer", "Bearer a.b.c"] {
        let answer = shop.ask(Method::POST, "/api/v1/carts").header("authorization", value).send().await.expect(401);
        assert_eq!(answer.code(), "token_invalid", "{value}");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
    }
    let (id, name) = ("guest_01h455vb4pex5vsknk084sn02q".to_owned(), "Ada".to_owned());
    let ada = souk_actors::viewer::Identity { id, name, role: souk_actors::viewer::Role::Guest };
    let long_ago = shop.app.market.clock.now().minus(std::time::Duration::from_secs(15 * 60 + 1));
    let expired = shop.app.edge.tokens.issue(&ada, long_ago);
    let answer = shop.ask(Method::POST, "/api/v1/carts").bearer(&expired).send().await.expect(401);
    assert_eq!(answer.code(), "token_expired");
}

#[tokio::test]
async fn what_needs_a_token_says_so() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let (_, ada) = shop.guest("Ada").await;
    let room = json!({ "kind": "product", "subject_id": pot.id });
    let refused = shop.post("/api/v1/rooms", room.clone()).await.expect(401);
    assert_eq!(
        (refused.code(), refused.header("www-authenticate")),
        ("credentials_missing".into(), "Bearer realm=\"souk\"")
    );
    let room = shop.ask(Method::POST, "/api/v1/rooms").bearer(&ada).json(&room).send().await.expect(201).json();
    let path = format!("/api/v1/rooms/{}/messages", room["id"].as_str().unwrap());
    let message = json!({ "text": "hello", "client_id": "1" });
    assert_eq!(shop.post(&path, message).await.expect(401).code(), "credentials_missing");
}
