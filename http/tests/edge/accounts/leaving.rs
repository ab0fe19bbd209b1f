//! The end of an account.

use axum::http::Method;
use serde_json::json;
use souk_integrations::mail::account::AccountTopic;

use super::people::{PASSWORD, Person};
use crate::shop::Shop;

#[tokio::test]
async fn what_names_the_owner_goes_and_orders_stay() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 50, 1_000).await;
    let cart = shop.filled_cart(&pot, 1).await;
    let order = shop.place(&cart, "a").await.expect(201).json();
    let ada = shop.register("ada").await;
    let link = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    shop.post("/api/v1/accounts/confirm", json!({ "token": link })).await.expect(200);
    let export = shop.call(Method::GET, "/api/v1/accounts/me/export", &ada.token, None).await.expect(200).json();
    assert_eq!(export["orders"][0]["id"], order["id"]);
    assert_eq!(export["account"]["email"], "ada@example.com");

    let delete = async |password: &str| {
        shop.call(Method::DELETE, "/api/v1/accounts/me", &ada.token, Some(json!({ "password": password }))).await
    };
    delete("wrong").await.expect(403);
    let gone = delete(PASSWORD).await.expect(204);
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(401);
    shop.refresh(&ada.cookie).await.expect(401);
    shop.sign_in(&ada.email, PASSWORD).await.expect(401);

    // The guest's key still opens the order; it names nobody any more.
    let path =
        format!("/api/v1/orders/{}?key={}", order["id"].as_str().unwrap(), order["access_key"].as_str().unwrap());
    let seen = shop.get(&path).await.expect(200).json();
    assert_eq!(seen["totals"], order["totals"]);
    let text = seen.to_string();
    assert!(text.contains("erased") && !text.contains("ada@example.com") && !text.contains("1 Main St"), "{text}");

    // The address is free again, and whoever gets it finds nothing.
    let next = Person::of(
        &shop
            .post("/api/v1/accounts", json!({ "email": ada.email, "password": PASSWORD, "name": "x" }))
            .await
            .expect(201),
    );
    let link = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    shop.post("/api/v1/accounts/confirm", json!({ "token": link })).await.expect(200);
    let orders = shop.call(Method::GET, "/api/v1/orders", &next.token, None).await.expect(200).json();
    assert_eq!(orders["items"], json!([]));
}
