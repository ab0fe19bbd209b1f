//! Registering, signing in and out, refreshing.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use souk_domain::account::role::Role;

use super::people::{PASSWORD, Person, cookie};
use crate::shop::Shop;

#[tokio::test]
async fn whoever_registers_is_signed_in() {
    let shop = Shop::open().await;
    let body = json!({ "email": " Ada@Example.com ", "password": PASSWORD, "name": "Ada" });
    let answer = shop.post("/api/v1/accounts", body).await.expect(201);
    let account = &answer.json()["account"];
    assert_eq!((&account["email"], &account["role"]), (&json!("ada@example.com"), &json!("customer")));
    assert_eq!((&account["email_confirmed"], &account["second_factor"]), (&json!(false), &json!(false)));
    let set = answer.header("set-cookie");
    for part in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/api/v1/sessions", "Max-Age=25"] {
        assert!(set.contains(part), "{set}");
    }
    let ada = Person::of(&answer);
    let me = shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(200).json();
    assert_eq!(me, *account);
    let renamed = shop.call(Method::PATCH, "/api/v1/accounts/me", &ada.token, Some(json!({ "name": "Lady Ada" })));
    assert_eq!(renamed.await.expect(200).json()["name"], "Lady Ada");
    assert_eq!(shop.get("/api/v1/accounts/me").await.expect(401).code(), "credentials_missing");
}

#[tokio::test]
async fn what_cannot_be_registered_is_told_at_its_field() {
    let shop = Shop::open().await;
    shop.register("ada").await;
    let refused = async |email: &str, password: &str, status: u16| {
        let body = json!({ "email": email, "password": password, "name": "Eve" });
        let answer = shop.post("/api/v1/accounts", body).await.expect(status);
        let fault = answer.json()["errors"][0].clone();
        (answer.code(), fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
    };
    let is = |code: &str, pointer: &str, fault: &str| (code.to_owned(), pointer.to_owned(), fault.to_owned());
    assert_eq!(refused("ADA@example.com", PASSWORD, 409).await, is("email_taken", "/email", "invalid"));
    assert_eq!(refused("nobody", PASSWORD, 422).await, is("invalid_body", "/email", "invalid"));
    let password = |fault: &str| is("invalid_body", "/password", fault);
    assert_eq!(refused("eve@example.com", "short", 422).await, password("password_too_short"));
    assert_eq!(refused("eve@example.com", "password123", 422).await, password("password_too_common"));
    assert_eq!(refused("eve@example.com", "eve@example.com", 422).await, password("password_too_common"));
    assert_eq!(refused("eve@example.com", &"qz8 ".repeat(100), 422).await, password("password_too_long"));
}

#[tokio::test]
async fn nobody_gives_themselves_a_role() {
    let shop = Shop::open().await;
    for field in ["role", "permissions", "email_confirmed", "id", "epoch"] {
        let mut body = json!({ "email": "eve@example.com", "password": PASSWORD, "name": "Eve" });
        body[field] = json!("admin");
        let answer = shop.post("/api/v1/accounts", body).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], format!("/{field}"));
    }
    let ada = shop.register("ada").await;
    for field in ["role", "permissions", "email", "password"] {
        let body = json!({ field: "admin" });
        shop.call(Method::PATCH, "/api/v1/accounts/me", &ada.token, Some(body)).await.expect(422);
    }
}

#[tokio::test]
async fn a_wrong_password_says_as_much_as_no_account() {
    let shop = Shop::open().await;
    shop.register("ada").await;
    let (wrong, nobody) =
        (shop.sign_in("ada@example.com", "wrong").await, shop.sign_in("eve@example.com", "wrong").await);
    let told = |answer: crate::answer::Answer| {
        let mut body = answer.expect(401).json();
        for field in ["instance", "request_id"] {
            body[field].take();
        }
        body
    };
    assert_eq!(told(wrong), told(nobody));
    let answer = shop.sign_in(" ADA@example.com", PASSWORD).await.expect(201);
    assert!(cookie(&answer).is_some());
}

#[tokio::test]
async fn whoever_tries_too_often_waits() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let mut refused = None;
    for _ in 0..12 {
        let answer = shop.sign_in("ada@example.com", "wrong").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.expect(401);
    }
    let refused = refused.expect("a wait");
    assert_eq!(refused.code(), "too_many_tries");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    // The right one waits too, and who is signed in is not concerned.
    shop.sign_in("ada@example.com", PASSWORD).await.expect(429);
    shop.refresh(&ada.cookie).await.expect(200);
    shop.sign_in("eve@example.com", "wrong").await.expect(401);
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_and_another_tab_gets_an_access_token() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let first = shop.refresh(&ada.cookie).await.expect(200);
    let next = cookie(&first).expect("the next one");
    assert_ne!(next, ada.cookie);
    let tab = shop.refresh(&ada.cookie).await.expect(200);
    assert_eq!(cookie(&tab), None, "within ten seconds no new cookie");
    let token = tab.json()["access_token"].as_str().unwrap().to_owned();
    shop.call(Method::GET, "/api/v1/accounts/me", &token, None).await.expect(200);
    shop.refresh(&next).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_later_ends_the_session_for_everybody() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let elsewhere = Person::of(&shop.sign_in(&ada.email, PASSWORD).await.expect(201));
    let stolen = shop.refresh(&ada.cookie).await.expect(200);
    let (next, token) = (cookie(&stolen).unwrap(), stolen.json()["access_token"].as_str().unwrap().to_owned());
    shop.clock.advance(souk_domain::account::rotation::GRACE);
    shop.clock.advance(Duration::from_secs(1));
    let reused = shop.refresh(&ada.cookie).await.expect(401);
    assert_eq!(reused.code(), "session_over");
    assert!(reused.header("set-cookie").contains("Max-Age=0"));
    // Neither the thief nor the owner goes on, by no token of that session; another session does.
    assert_eq!(shop.refresh(&next).await.expect(401).code(), "session_over");
    let me = async |token: &str| shop.call(Method::GET, "/api/v1/accounts/me", token, None).await;
    assert_eq!(me(&token).await.expect(401).code(), "token_expired");
    me(&ada.token).await.expect(401);
    me(&elsewhere.token).await.expect(200);
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let audit = shop.call(Method::GET, "/api/v1/audit?limit=100", &admin.token, None).await.expect(200).json();
    let told = audit["items"].as_array().unwrap().iter().filter(|item| item["action"] == "refresh_token_reused");
    assert_eq!(told.map(|item| &item["actor"]).collect::<Vec<_>>(), [&json!(ada.id)]);
}

#[tokio::test]
async fn of_many_at_once_one_is_given_the_next_token() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let answers = futures::future::join_all((0..10).map(|_| shop.refresh(&ada.cookie))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(answers.iter().filter(|answer| cookie(answer).is_some()).count(), 1);
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused_and_taken_back() {
    let shop = Shop::open().await;
    for cookie in ["", "souk_refresh=", "souk_refresh=nonsense", "other=1"] {
        let answer = shop.refresh(cookie).await.expect(401);
        assert_eq!(answer.code(), "session_over");
        assert!(answer.header("set-cookie").contains("Max-Age=0"));
    }
}

#[tokio::test]
async fn another_site_refreshes_nothing() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        for (method, path) in [(Method::POST, "/api/v1/sessions/refresh"), (Method::DELETE, "/api/v1/sessions/current")]
        {
            let ask = shop.ask(method, path).header("cookie", &ada.cookie).header("host", "shop.example");
            assert_eq!(ask.header(name, value).send().await.expect(403).code(), "origin_refused");
        }
    }
    let own = shop.ask(Method::POST, "/api/v1/sessions/refresh").header("cookie", &ada.cookie);
    own.header("host", "shop.example").header("origin", "https://shop.example").send().await.expect(200);
}

#[tokio::test]
async fn signed_out_is_signed_out_at_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let out =
        shop.ask(Method::DELETE, "/api/v1/sessions/current").header("cookie", &ada.cookie).send().await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    shop.refresh(&ada.cookie).await.expect(401);
    let answer = shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(401);
    assert_eq!(answer.code(), "token_expired", "the access token is not taken any more either");
    shop.ask(Method::DELETE, "/api/v1/sessions/current").header("cookie", &ada.cookie).send().await.expect(204);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let phone = shop.ask(Method::POST, "/api/v1/sessions").header("user-agent", "a phone");
    let phone = phone.json(&json!({ "email": ada.email, "password": PASSWORD })).send().await.expect(201);
    let phone = Person::of(&phone);
    let list = async |token: &str| shop.call(Method::GET, "/api/v1/sessions", token, None).await.expect(200).json();
    let items = list(&ada.token).await["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 2);
    assert_eq!((&items[0]["user_agent"], &items[0]["current"]), (&json!("a phone"), &json!(false)));
    assert_eq!(items[1]["current"], true);
    let path = format!("/api/v1/sessions/{}", items[0]["id"].as_str().unwrap());
    let eve = shop.register("eve").await;
    shop.call(Method::DELETE, &path, &eve.token, None).await.expect(404);
    shop.call(Method::GET, "/api/v1/accounts/me", &phone.token, None).await.expect(200);
    shop.call(Method::DELETE, &path, &ada.token, None).await.expect(204);
    shop.call(Method::GET, "/api/v1/accounts/me", &phone.token, None).await.expect(401);
    shop.refresh(&phone.cookie).await.expect(401);
    shop.call(Method::DELETE, &path, &ada.token, None).await.expect(404);
    assert_eq!(list(&ada.token).await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn tokens_from_before_a_rotation_go_on_and_a_withdrawn_key_ends_them() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let accounts = &shop.app.market.accounts;
    let kid = accounts.rotate_keys(souk_actors::accounts::signing_keys::KEYS_OUTLIVE_TOKENS, "test").await.unwrap();
    shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(200);
    let page = shop.get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(page["keys"].as_array().unwrap().len(), 2);
    assert_eq!(page["keys"][0]["kid"], kid, "the new one signs");
    let fresh = shop.refresh(&ada.cookie).await.expect(200).json()["access_token"].as_str().unwrap().to_owned();
    accounts.rotate_keys(Duration::ZERO, "test").await.unwrap();
    for token in [&ada.token, &fresh] {
        let answer = shop.call(Method::GET, "/api/v1/accounts/me", token, None).await.expect(401);
        assert_eq!(answer.code(), "token_invalid");
    }
}
