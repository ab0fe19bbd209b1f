//! Endpoints of webhooks: who may have them, what they show, what is refused.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use super::shop::Shop;

const URL: &str = "https://hooks.example/souk";

async fn as_staff(shop: &Shop, method: Method, path: &str, body: Option<Value>) -> Answer {
    let ask = shop.ask(method, path).bearer(&shop.staff());
    match body {
        Some(body) => ask.json(&body).send().await,
        None => ask.send().await,
    }
}

async fn create(shop: &Shop, body: Value) -> Answer {
    as_staff(shop, Method::POST, "/api/v1/webhooks", Some(body)).await
}

#[tokio::test]
async fn only_staff_may() {
    let shop = Shop::open().await;
    let made = create(&shop, json!({ "url": URL })).await.expect(201).json();
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    let (_, guest) = shop.guest("Ada").await;
    let calls: [(Method, String, Option<Value>, u16); 8] = [
        (Method::POST, "/api/v1/webhooks".into(), Some(json!({ "url": URL })), 201),
        (Method::GET, "/api/v1/webhooks".into(), None, 200),
        (Method::GET, path.clone(), None, 200),
        (Method::PATCH, path.clone(), Some(json!({ "description": "books" })), 200),
        (Method::POST, format!("{path}/rotate"), None, 200),
        (Method::GET, format!("{path}/deliveries"), None, 200),
        (Method::POST, "/api/v1/deliveries/dlv_00000000000000000000000007/resend".into(), None, 404),
        (Method::DELETE, path, None, 204),
    ];
    for (method, path, body, status) in calls {
        let ask = || match &body {
            Some(body) => shop.ask(method.clone(), &path).json(body),
            None => shop.ask(method.clone(), &path),
        };
        assert_eq!(ask().send().await.expect(401).code(), "credentials_missing", "{method} {path}");
        assert_eq!(ask().bearer(&guest).send().await.expect(403).code(), "forbidden", "{method} {path}");
        ask().bearer(&shop.staff()).send().await.expect(status);
    }
}

#[tokio::test]
async fn the_secret_is_shown_once() {
    let shop = Shop::open().await;
    let created =
        create(&shop, json!({ "url": URL, "events": ["order.confirmed", "order.confirmed"] })).await.expect(201);
    let made = created.json();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(id.starts_with("hook_") && secret.starts_with("whsec_"));
    assert_eq!(created.header("location"), format!("/api/v1/webhooks/{id}"));
    assert_eq!(made["events"], json!(["order.confirmed"]));
    let path = format!("/api/v1/webhooks/{id}");
    let rotated = as_staff(&shop, Method::POST, &format!("{path}/rotate"), None).await.expect(200).json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert_eq!(rotated["secrets"], 2, "the old one signs for a while");
    for shown in [path.as_str(), "/api/v1/webhooks"] {
        let shown = as_staff(&shop, Method::GET, shown, None).await.expect(200).json();
        assert!(!shown.to_string().contains("whsec_"), "{shown}");
    }
}

#[tokio::test]
async fn an_endpoint_is_changed_and_removed() {
    let shop = Shop::open().await;
    let made = create(&shop, json!({ "url": URL, "description": " books " })).await.expect(201).json();
    assert_eq!((&made["description"], &made["enabled"]), (&json!("books"), &json!(true)));
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    let change = json!({ "enabled": false, "url": "https://other.example/", "events": ["order.refunded"] });
    let changed = as_staff(&shop, Method::PATCH, &path, Some(change)).await.expect(200).json();
    assert_eq!((&changed["enabled"], &changed["url"]), (&json!(false), &json!("https://other.example/")));
    assert_eq!((&changed["events"], &changed["description"]), (&json!(["order.refunded"]), &json!("books")));
    let changed = as_staff(&shop, Method::PATCH, &path, Some(json!({ "enabled": true }))).await.expect(200).json();
    assert_eq!((&changed["enabled"], &changed["disabled_because"]), (&json!(true), &Value::Null));
    as_staff(&shop, Method::DELETE, &path, None).await.expect(204);
    for (method, body) in [(Method::GET, None), (Method::DELETE, None), (Method::PATCH, Some(json!({})))] {
        assert_eq!(as_staff(&shop, method, &path, body).await.expect(404).code(), "not_found");
    }
}

#[tokio::test]
async fn what_leads_into_private_networks_or_makes_no_sense_is_refused() {
    let shop = Shop::open().await;
    for url in ["http://hooks.example/", "https://127.0.0.1/", "https://localhost:8080/", "https://[::1]/", "nonsense"]
    {
        let refused = create(&shop, json!({ "url": url })).await.expect(422).json();
        assert_eq!(refused["errors"][0]["pointer"], "/url", "{url}: {refused}");
    }
    let made = create(&shop, json!({ "url": URL })).await.expect(201).json();
    let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
    let refused = as_staff(&shop, Method::PATCH, &path, Some(json!({ "url": "https://10.0.0.1/" }))).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/url");
    let refused = create(&shop, json!({ "url": URL, "events": ["order.eaten"] })).await.expect(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/events");
    assert_eq!(create(&shop, json!({ "url": URL, "secret": "mine" })).await.expect(422).code(), "invalid_body");
    let cursor = as_staff(&shop, Method::GET, &format!("{path}/deliveries?cursor=x"), None).await.expect(422);
    assert_eq!(cursor.code(), "invalid_cursor");
    as_staff(&shop, Method::GET, &format!("{path}/deliveries?limit=101"), None).await.expect(422);
}

#[tokio::test]
async fn there_is_a_bound_on_endpoints() {
    let shop = Shop::open().await;
    for _ in 0..50 {
        create(&shop, json!({ "url": URL })).await.expect(201);
    }
    assert_eq!(create(&shop, json!({ "url": URL })).await.expect(409).code(), "too_many_webhooks");
}

#[tokio::test]
async fn deliveries_are_listed_in_pages_and_sent_again() {
    let shop = Shop::open().await;
    // Enabled, but nothing is listening: the deliveries stay.
    let made = create(&shop, json!({ "url": "https://hooks.invalid/", "events": ["order.placed"] })).await.expect(201);
    let path = format!("/api/v1/webhooks/{}/deliveries", made.json()["id"].as_str().unwrap());
    let pot = shop.product("pot", 5, 1_000).await;
    let mut orders = Vec::new();
    for key in ["a", "b", "c"] {
        orders.push(shop.place(&shop.filled_cart(&pot, 1).await, key).await.expect(201).json()["id"].clone());
    }
    let listing = async {
        loop {
            let list = as_staff(&shop, Method::GET, &path, None).await.expect(200).json();
            let tried = |delivery: &Value| delivery["attempts"].as_u64().unwrap() > 0;
            if list["items"].as_array().unwrap().iter().filter(|delivery| tried(delivery)).count() == 3 {
                return list;
            }
            tokio::task::yield_now().await;
        }
    };
    let list = tokio::time::timeout(Duration::from_secs(30), listing).await.expect("all are tried");
    let listed: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|delivery| &delivery["order_id"]).collect();
    assert!(orders.iter().all(|order| listed.contains(&order)), "{list}");
    let first = &list["items"][0];
    assert_eq!((&first["status"], &first["event"]), (&json!("pending"), &json!("order.placed")));
    assert!(first["last_error"].is_string() && first["last_status"].is_null() && first["next_attempt_at"].is_string());

    let page = as_staff(&shop, Method::GET, &format!("{path}?limit=2"), None).await.expect(200).json();
    let next = page["next"].as_str().unwrap();
    let rest = as_staff(&shop, Method::GET, &format!("{path}?limit=2&cursor={next}"), None).await.expect(200).json();
    assert_eq!((page["items"].as_array().unwrap().len(), rest["items"].as_array().unwrap().len()), (2, 1));
    assert_eq!((&rest["next"], &rest["items"][0]["id"]), (&Value::Null, &list["items"][2]["id"]));

    let resend = format!("/api/v1/deliveries/{}/resend", first["id"].as_str().unwrap());
    let again = as_staff(&shop, Method::POST, &resend, None).await.expect(202).json();
    assert_eq!((&again["id"], &again["status"], &again["attempts"]), (&first["id"], &json!("pending"), &json!(0)));
}

#[test]
fn what_is_sent_is_described() {
    let document: Value = serde_json::from_slice(&souk_http::openapi::WRITTEN.json).unwrap();
    for event in ["order.placed", "order.confirmed", "order.cancelled", "order.expired", "order.refunded"] {
        let schema = &document["webhooks"][event]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/WebhookPayload", "{event}");
    }
    assert!(document["components"]["schemas"]["WebhookOrder"]["properties"]["refund"].is_object());
}
