//! Rooms and messages.

use axum::http::Method;
use serde_json::json;

use super::answer::Answer;
use super::shop::Shop;

async fn open(shop: &Shop, token: &str, body: serde_json::Value) -> Answer {
    shop.ask(Method::POST, "/api/v1/rooms").bearer(token).json(&body).send().await
}

async fn say(shop: &Shop, token: &str, room: &str, text: &str, client_id: &str) -> Answer {
    let body = json!({ "text": text, "client_id": client_id });
    shop.ask(Method::POST, &format!("/api/v1/rooms/{room}/messages")).bearer(token).json(&body).send().await
}

#[tokio::test]
async fn a_products_room_is_read_by_anyone() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let ((ada_id, ada), (_, bob)) = (shop.guest("Ada").await, shop.guest("Bob").await);
    let subject = json!({ "kind": "product", "subject_id": pot.id });
    let room = open(&shop, &ada, subject.clone()).await.expect(201).json();
    assert_eq!(open(&shop, &bob, subject).await.expect(200).json()["id"], room["id"]);
    let room = room["id"].as_str().unwrap();

    let first = say(&shop, &ada, room, " Is it dishwasher safe? ", "a1").await.expect(201).json();
    assert_eq!((&first["author"]["id"], &first["text"]), (&ada_id.into(), &"Is it dishwasher safe?".into()));
    assert_eq!(say(&shop, &ada, room, "sent again", "a1").await.expect(201).json(), first);
    for number in 0..4 {
        say(&shop, &bob, room, &format!("answer {number}"), &format!("b{number}")).await.expect(201);
    }
    let path = format!("/api/v1/rooms/{room}/messages");
    let page = shop.get(&format!("{path}?limit=3")).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let rest = shop.get(&format!("{path}?limit=3&since={}", page["next"])).await.expect(200).json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (2, &json!(null)));
    assert_eq!(rest["items"][1]["text"], "answer 3");
}

#[tokio::test]
async fn private_rooms_are_not_there_for_others() {
    let shop = Shop::open().await;
    let ((_, ada), (bob_id, bob), (_, eve)) =
        (shop.guest("Ada").await, shop.guest("Bob").await, shop.guest("Eve").await);
    let direct = open(&shop, &ada, json!({ "kind": "direct", "subject_id": bob_id })).await.expect(201).json();
    let support = open(&shop, &ada, json!({ "kind": "support" })).await.expect(201).json();
    for (room, other_member) in [(direct["id"].as_str().unwrap(), Some(&bob)), (support["id"].as_str().unwrap(), None)]
    {
        say(&shop, &ada, room, "hello", "1").await.expect(201);
        say(&shop, &eve, room, "hello", "1").await.expect(404);
        let path = format!("/api/v1/rooms/{room}/messages");
        shop.get(&path).await.expect(404);
        shop.ask(Method::GET, &path).bearer(&eve).send().await.expect(404);
        for member in std::iter::once(&ada).chain(other_member) {
            let seen = shop.ask(Method::GET, &path).bearer(member).send().await.expect(200).json();
            assert_eq!(seen["items"][0]["text"], "hello");
        }
    }
    assert_eq!(open(&shop, &ada, json!({ "kind": "support" })).await.expect(200).json()["id"], support["id"]);
}

#[tokio::test]
async fn an_orders_room_is_its_buyers() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let ((_, ada), (_, eve)) = (shop.guest("Ada").await, shop.guest("Eve").await);
    let order = shop.place(&shop.filled_cart(&pot, 1).await, "k").await.expect(201).json();
    let body = json!({ "kind": "order", "subject_id": order["id"] });
    open(&shop, &eve, body.clone()).await.expect(404);
    let key = order["access_key"].as_str().unwrap();
    let asked = shop.ask(Method::POST, "/api/v1/rooms").bearer(&ada).header("order-key", key).json(&body);
    let room = asked.send().await.expect(201).json();
    say(&shop, &ada, room["id"].as_str().unwrap(), "when?", "1").await.expect(201);
    say(&shop, &eve, room["id"].as_str().unwrap(), "when?", "1").await.expect(404);
}

#[tokio::test]
async fn subjects_that_do_not_fit() {
    let shop = Shop::open().await;
    let (ada_id, ada) = shop.guest("Ada").await;
    for body in [
        json!({ "kind": "product" }),
        json!({ "kind": "product", "subject_id": "nonsense" }),
        json!({ "kind": "direct", "subject_id": ada_id }),
        json!({ "kind": "direct", "subject_id": "somebody" }),
    ] {
        assert_eq!(open(&shop, &ada, body).await.expect(422).fault().0, "/subject_id");
    }
    let unknown = json!({ "kind": "product", "subject_id": "prod_00000000000000000000000007" });
    open(&shop, &ada, unknown).await.expect(404);
    assert_eq!(open(&shop, &ada, json!({ "kind": "party" })).await.expect(422).fault().0, "/kind");
}
