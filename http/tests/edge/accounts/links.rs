//! Links in mails: confirming an address, another password, another address.

use axum::http::Method;
use serde_json::json;
use souk_integrations::mail::account::AccountTopic;

use super::people::{PASSWORD, Person};
use crate::shop::Shop;

const NEW: &str = "wandering copper lanterns";

#[tokio::test]
async fn an_address_is_confirmed_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let token = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    let body = json!({ "token": token });
    let account = shop.post("/api/v1/accounts/confirm", body.clone()).await.expect(200).json();
    assert_eq!(account["email_confirmed"], true);
    assert_eq!(shop.post("/api/v1/accounts/confirm", body).await.expect(409).code(), "link_invalid");
    shop.post("/api/v1/accounts/confirm", json!({ "token": "nonsense" })).await.expect(409);
    // There is nothing left to confirm.
    shop.call(Method::POST, "/api/v1/accounts/me/confirmation", &ada.token, None).await.expect(202);
    let bob = shop.register("bob").await;
    shop.mails.link(AccountTopic::ConfirmEmail, &bob.email).await;
    shop.call(Method::POST, "/api/v1/accounts/me/confirmation", &bob.token, None).await.expect(202);
    let again = shop.mails.link(AccountTopic::ConfirmEmail, &bob.email).await;
    shop.post("/api/v1/accounts/confirm", json!({ "token": again })).await.expect(200);
    assert!(shop.mails.take(AccountTopic::ConfirmEmail, &ada.email).is_none());
}

#[tokio::test]
async fn a_link_is_good_for_what_it_is_for() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let confirm = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    let body = json!({ "token": confirm, "new_password": NEW });
    shop.post("/api/v1/password-resets/complete", body).await.expect(409);
    shop.post("/api/v1/accounts/email", json!({ "token": confirm })).await.expect(409);
    shop.post("/api/v1/accounts/confirm", json!({ "token": confirm })).await.expect(200);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_mail_and_every_device_is_signed_out() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let ask = async |email: &str| shop.post("/api/v1/password-resets", json!({ "email": email })).await;
    let (known, unknown) = (ask("ADA@example.com").await.expect(202), ask("nobody@example.com").await.expect(202));
    assert_eq!(known.bytes, unknown.bytes);
    let token = shop.mails.link(AccountTopic::ResetPassword, &ada.email).await;
    let complete = async |password: &str| {
        shop.post("/api/v1/password-resets/complete", json!({ "token": token, "new_password": password })).await
    };
    let weak = complete("password").await.expect(422).json();
    assert_eq!(weak["errors"][0]["pointer"], "/new_password");
    complete(NEW).await.expect(204);
    complete(NEW).await.expect(409);
    shop.refresh(&ada.cookie).await.expect(401);
    shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(401);
    shop.sign_in(&ada.email, PASSWORD).await.expect(401);
    let again = shop.sign_in(&ada.email, NEW).await.expect(201).json();
    assert_eq!(again["account"]["email_confirmed"], true, "the mail was read");
    shop.mails.next(AccountTopic::PasswordChanged, &ada.email).await;
}

#[tokio::test]
async fn mails_to_one_address_are_few() {
    let shop = Shop::open().await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(shop.post("/api/v1/password-resets", json!({ "email": "a@example.com" })).await.status.as_u16());
    }
    assert_eq!(statuses, [202, 202, 202, 202, 429, 429, 429, 429]);
}

#[tokio::test]
async fn another_password_needs_the_old_one_and_ends_the_other_devices() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let phone = Person::of(&shop.sign_in(&ada.email, PASSWORD).await.expect(201));
    let change = async |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        shop.call(Method::POST, "/api/v1/accounts/me/password", &ada.token, Some(body)).await
    };
    assert_eq!(change("wrong", NEW).await.expect(403).code(), "wrong_password");
    assert_eq!(change(PASSWORD, "12345678").await.expect(422).json()["errors"][0]["pointer"], "/new_password");
    change(PASSWORD, NEW).await.expect(204);
    shop.refresh(&phone.cookie).await.expect(401);
    shop.call(Method::GET, "/api/v1/accounts/me", &phone.token, None).await.expect(401);
    shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(200);
    shop.refresh(&ada.cookie).await.expect(200);
    shop.sign_in(&ada.email, NEW).await.expect(201);
    shop.mails.next(AccountTopic::PasswordChanged, &ada.email).await;
}

#[tokio::test]
async fn another_address_counts_once_its_link_is_followed() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let ask = async |password: &str, email: &str| {
        let body = json!({ "password": password, "email": email });
        shop.call(Method::POST, "/api/v1/accounts/me/email", &ada.token, Some(body)).await
    };
    ask("wrong", "new@example.com").await.expect(403);
    ask(PASSWORD, "nonsense").await.expect(422);
    ask(PASSWORD, "New@example.com").await.expect(202);
    let old = shop.mails.link(AccountTopic::ConfirmEmail, &ada.email).await;
    shop.sign_in("new@example.com", PASSWORD).await.expect(401);
    let link = shop.mails.link(AccountTopic::ChangeEmail, "new@example.com").await;
    let account = shop.post("/api/v1/accounts/email", json!({ "token": link })).await.expect(200).json();
    assert_eq!((&account["email"], &account["email_confirmed"]), (&json!("new@example.com"), &json!(true)));
    shop.mails.next(AccountTopic::EmailChanged, &ada.email).await;
    shop.sign_in("new@example.com", PASSWORD).await.expect(201);
    // The link of the old address confirms nothing any more.
    shop.post("/api/v1/accounts/confirm", json!({ "token": old })).await.expect(409);
    // An address that somebody has is told by nobody until its own mailbox says so.
    ask(PASSWORD, &bob.email).await.expect(202);
    let link = shop.mails.link(AccountTopic::ChangeEmail, &bob.email).await;
    assert_eq!(shop.post("/api/v1/accounts/email", json!({ "token": link })).await.expect(409).code(), "email_taken");
}
