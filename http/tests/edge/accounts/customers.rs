//! Addresses, carts, orders and rooms of an account.

use axum::http::Method;
use serde_json::{Value, json};
use souk_integrations::mail::account::AccountTopic;

use super::people::{PASSWORD, Person};
use crate::shop::{Shop, address};

#[tokio::test]
async fn an_address_book_is_ones_own() {
    let shop = Shop::open().await;
    let (ada, eve) = (shop.register("ada").await, shop.register("eve").await);
    let path = "/api/v1/accounts/me/addresses";
    let add = async |token: &str, default: bool| {
        let body = json!({ "address": address(), "default": default });
        shop.call(Method::POST, path, token, Some(body)).await.expect(201).json()
    };
    let first = add(&ada.token, false).await;
    assert_eq!(first["default"], true, "the first one is the default");
    let second = add(&ada.token, true).await;
    let list = async |token: &str| shop.call(Method::GET, path, token, None).await.expect(200).json()["items"].clone();
    let items = list(&ada.token).await;
    assert_eq!((&items[0]["id"], &items[1]["default"]), (&second["id"], &json!(false)));
    assert_eq!(list(&eve.token).await, json!([]));
    let one = format!("{path}/{}", first["id"].as_str().unwrap());
    for method in [Method::PATCH, Method::DELETE] {
        let body = (method == Method::PATCH).then(|| json!({ "default": true }));
        shop.call(method, &one, &eve.token, body).await.expect(404);
    }
    let bad = json!({ "address": { "name": "", "line1": "x", "city": "y", "postal_code": "1", "country": "XX" } });
    let faults = shop.call(Method::PATCH, &one, &ada.token, Some(bad)).await.expect(422).json()["errors"].clone();
    assert_eq!((&faults[0]["pointer"], &faults[1]["pointer"]), (&json!("/address/name"), &json!("/address/country")));
    shop.call(Method::PATCH, &one, &ada.token, Some(json!({ "default": true }))).await.expect(200);
    assert_eq!(list(&ada.token).await[0]["id"], first["id"]);
    shop.call(Method::DELETE, &one, &ada.token, None).await.expect(204);
    assert_eq!(list(&ada.token).await.as_array().unwrap().len(), 1);
}

async fn cart_with(shop: &Shop, variant: &str, quantity: u32, token: Option<&str>) -> String {
    let mut ask = shop.ask(Method::POST, "/api/v1/carts");
    if let Some(token) = token {
        ask = ask.bearer(token);
    }
    let id = ask.send().await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let mut ask = shop.ask(Method::POST, &format!("/api/v1/carts/{id}/lines"));
    if let Some(token) = token {
        ask = ask.bearer(token);
    }
    ask.json(&json!({ "variant_id": variant, "quantity": quantity })).send().await.expect(200);
    id
}

fn lines(cart: &Value) -> Vec<(String, u64)> {
    let line = |line: &Value| (line["variant_id"].as_str().unwrap().to_owned(), line["quantity"].as_u64().unwrap());
    cart["lines"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn a_cart_that_was_filled_before_becomes_the_accounts() {
    let shop = Shop::open().await;
    let (pot, pan) = (shop.product("pot", 50, 1_000).await, shop.product("pan", 50, 500).await);
    let (ada, eve) = (shop.register("ada").await, shop.register("eve").await);
    let current = async |token: &str| shop.call(Method::GET, "/api/v1/carts/current", token, None).await;
    let claim =
        async |id: &str, token: &str| shop.call(Method::POST, &format!("/api/v1/carts/{id}/claim"), token, None).await;
    current(&ada.token).await.expect(404);
    let first = cart_with(&shop, &pot.variant_id, 2, None).await;
    assert_eq!(claim(&first, &ada.token).await.expect(200).json()["id"], first.as_str());
    assert_eq!(current(&ada.token).await.expect(200).json()["id"], first.as_str());
    shop.get(&format!("/api/v1/carts/{first}")).await.expect(404);
    claim(&first, &eve.token).await.expect(404);
    claim(&first, &ada.token).await.expect(200);

    // A second one, of a guest: its lines go to the first.
    let (_, guest) = shop.guest("Ada").await;
    let second = cart_with(&shop, &pot.variant_id, 3, Some(&guest)).await;
    let line = json!({ "variant_id": pan.variant_id, "quantity": 1 });
    shop.call(Method::POST, &format!("/api/v1/carts/{second}/lines"), &guest, Some(line)).await.expect(200);
    for _ in 0..2 {
        let merged = claim(&second, &ada.token).await.expect(200).json();
        assert_eq!(merged["id"], first.as_str());
        assert_eq!(lines(&merged), [(pot.variant_id.clone(), 5), (pan.variant_id.clone(), 1)], "once");
    }
    shop.call(Method::GET, &format!("/api/v1/carts/{second}"), &guest, None).await.expect(404);
    claim(&second, &eve.token).await.expect(404);
}

#[tokio::test]
async fn own_orders_are_listed_and_orders_of_a_confirmed_address_become_own() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 50, 1_000).await;
    // As a guest, before there is an account; `filled_cart` writes to ada@example.com.
    let mut placed = Vec::new();
    for key in ["a", "b", "c"] {
        let cart = shop.filled_cart(&pot, 2).await;
        placed.push(shop.place(&cart, key).await.expect(201).json());
    }
    let ada = shop.register("ada").await;
    let list = async |token: &str, query: &str| {
        shop.call(Method::GET, &format!("/api/v1/orders{query}"), token, None).await.expect(200).json()
    };
    assert_eq!(list(&ada.token, "").await["items"], json!([]), "an address that is not confirmed claims nothing");
    let link = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    shop.post("/api/v1/accounts/confirm", json!({ "token": link })).await.expect(200);
    let page = list(&ada.token, "?limit=2").await;
    let (items, next) = (page["items"].as_array().unwrap(), page["next"].as_str().unwrap());
    assert_eq!(items[0]["id"], placed[2]["id"], "the newest first");
    assert_eq!((&items[0]["items_count"], &items[0]["status"]), (&json!(2), &json!("awaiting_payment")));
    assert_eq!(items[0]["total"], placed[2]["totals"]["total"]);
    let rest = list(&ada.token, &format!("?limit=2&cursor={next}")).await;
    assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&placed[0]["id"], &Value::Null));
    let path = format!("/api/v1/orders/{}", placed[0]["id"].as_str().unwrap());
    shop.call(Method::GET, &path, &ada.token, None).await.expect(200);
    let eve = shop.register("eve").await;
    shop.call(Method::GET, &path, &eve.token, None).await.expect(404);
    assert_eq!(list(&eve.token, "").await["items"], json!([]));

    // One that is placed as a guest later is found at the next sign-in.
    let cart = shop.filled_cart(&pot, 1).await;
    shop.place(&cart, "d").await.expect(201);
    let again = Person::of(&shop.sign_in(&ada.email, PASSWORD).await.expect(201));
    assert_eq!(list(&again.token, "").await["items"].as_array().unwrap().len(), 4);
    shop.call(Method::GET, "/api/v1/orders?cursor=x", &ada.token, None).await.expect(422);
}

#[tokio::test]
async fn an_inbox_counts_what_is_new() {
    let shop = Shop::open().await;
    let (ada, eve) = (shop.register("ada").await, shop.register("eve").await);
    let inbox = async |token: &str| shop.call(Method::GET, "/api/v1/rooms", token, None).await.expect(200).json();
    assert_eq!(inbox(&ada.token).await["items"], json!([]));
    let body = json!({ "kind": "direct", "subject_id": eve.id });
    let room = shop.call(Method::POST, "/api/v1/rooms", &ada.token, Some(body)).await.expect(201).json();
    let path = format!("/api/v1/rooms/{}", room["id"].as_str().unwrap());
    for (number, token) in [(1, &ada.token), (2, &ada.token), (3, &eve.token)] {
        let message = json!({ "text": format!("number {number}"), "client_id": number.to_string() });
        shop.call(Method::POST, &format!("{path}/messages"), token, Some(message)).await.expect(201);
    }
    let seen = async |token: &str| {
        let item = inbox(token).await["items"][0].clone();
        (item["unread"].as_u64().unwrap(), item["last_message"]["text"].as_str().unwrap().to_owned())
    };
    assert_eq!(seen(&eve.token).await, (2, "number 3".to_owned()));
    assert_eq!(seen(&ada.token).await, (1, "number 3".to_owned()));
    let read = async |token: &str, seq: u64| {
        shop.call(Method::POST, &format!("{path}/read"), token, Some(json!({ "seq": seq }))).await
    };
    read(&eve.token, 2).await.expect(204);
    assert_eq!(seen(&eve.token).await.0, 1);
    read(&eve.token, 1_000_000).await.expect(204);
    read(&eve.token, 1).await.expect(204);
    assert_eq!(seen(&eve.token).await, (0, "number 3".to_owned()));
    let bob = shop.register("bob").await;
    read(&bob.token, 1).await.expect(404);
    assert_eq!(inbox(&bob.token).await["items"], json!([]));
}
