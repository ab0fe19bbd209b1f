//! Codes of an authenticator, and recovery codes.

use axum::http::Method;
use serde_json::{Value, json};
use souk_domain::account::role::{Permission, Role};
use totp_rs::{Builder, Secret, Totp};

use super::people::{PASSWORD, Person};
use crate::answer::Answer;
use crate::shop::Shop;

struct App(Totp);

impl App {
    fn new(secret: &str) -> Self {
        Self(Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap())
    }

    /// The code of this half minute, or of one that is `steps` away.
    fn code(&self, shop: &Shop, steps: i64) -> String {
        let seconds = shop.app.market.clock.now().as_millis() / 1_000 + 30 * steps;
        self.0.generate(seconds as u64).to_string()
    }
}

async fn sign_in(shop: &Shop, email: &str, code: Option<&str>) -> Answer {
    let mut body = json!({ "email": email, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    shop.post("/api/v1/sessions", body).await
}

async fn enrolled(shop: &Shop, ada: &Person) -> (App, Vec<String>) {
    let secret = shop.call(Method::POST, "/api/v1/accounts/me/totp", &ada.token, None).await.expect(201).json();
    let uri = secret["otpauth_uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/") && uri.contains("issuer=Souk"), "{uri}");
    let app = App::new(secret["secret"].as_str().unwrap());
    let confirm = async |code: &str| {
        let body = json!({ "code": code });
        shop.call(Method::POST, "/api/v1/accounts/me/totp/confirm", &ada.token, Some(body)).await
    };
    assert_eq!(confirm("000000x").await.expect(409).code(), "code_wrong");
    let codes = confirm(&app.code(shop, -1)).await.expect(200).json()["recovery_codes"].clone();
    let codes: Vec<String> = codes.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    (app, codes)
}

#[tokio::test]
async fn a_code_is_asked_for_and_good_once() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let (app, recovery) = enrolled(&shop, &ada).await;
    // What was issued before says nothing of it, and is not taken any more; the session goes on.
    shop.call(Method::GET, "/api/v1/accounts/me", &ada.token, None).await.expect(401);
    let ada = Person {
        token: shop.refresh(&ada.cookie).await.expect(200).json()["access_token"].as_str().unwrap().into(),
        ..ada
    };
    shop.call(Method::POST, "/api/v1/accounts/me/totp", &ada.token, None).await.expect(409);

    assert_eq!(sign_in(&shop, &ada.email, None).await.expect(401).code(), "second_factor_required");
    assert_eq!(sign_in(&shop, &ada.email, Some("123")).await.expect(401).code(), "second_factor_required");
    let wrong =
        shop.post("/api/v1/sessions", json!({ "email": ada.email, "password": "wrong", "code": app.code(&shop, 0) }));
    assert_eq!(wrong.await.expect(401).code(), "invalid_credentials", "a code helps nobody without the password");
    let code = app.code(&shop, 0);
    let answers = futures::future::join_all((0..3).map(|_| sign_in(&shop, &ada.email, Some(&code)))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "a code signs in once");
    sign_in(&shop, &ada.email, Some(&app.code(&shop, 1))).await.expect(201);
    sign_in(&shop, &ada.email, Some(&recovery[3].to_uppercase())).await.expect(201);
    sign_in(&shop, &ada.email, Some(&recovery[3])).await.expect(401);

    let remove = async |password: &str| {
        let body = Some(json!({ "password": password }));
        shop.call(Method::DELETE, "/api/v1/accounts/me/totp", &ada.token, body).await
    };
    remove("wrong").await.expect(403);
    remove(PASSWORD).await.expect(204);
    sign_in(&shop, &ada.email, None).await.expect(201);
}

#[tokio::test]
async fn secrets_are_shown_to_nobody_afterwards() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    enrolled(&shop, &ada).await;
    let token: Value = shop.refresh(&ada.cookie).await.expect(200).json()["access_token"].clone();
    let export = shop.call(Method::GET, "/api/v1/accounts/me/export", token.as_str().unwrap(), None).await.expect(200);
    let text = export.json().to_string();
    for secret in ["argon2", "recovery", "secret", "password"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

#[tokio::test]
async fn staff_without_an_authenticator_are_customers_where_one_is_asked_for() {
    let shop = Shop::open_strict().await;
    let clerk = shop.employee("clerk", Role::Staff, &[Permission::Audit]).await;
    let admin = shop.employee("admin", Role::Admin, &[]).await;
    let audit = async |token: &str| shop.call(Method::GET, "/api/v1/audit", token, None).await;
    for (person, role) in [(&clerk, "staff"), (&admin, "admin")] {
        let me = shop.call(Method::GET, "/api/v1/accounts/me", &person.token, None).await.expect(200).json();
        assert_eq!((&me["role"], &me["permissions"]), (&json!(role), &json!([])), "what they are, and what they may");
        audit(&person.token).await.expect(403);
    }
    let (app, _) = enrolled(&shop, &clerk).await;
    let signed_in = sign_in(&shop, &clerk.email, Some(&app.code(&shop, 0))).await.expect(201).json();
    assert_eq!(signed_in["account"]["permissions"], json!(["audit"]));
    let token = signed_in["access_token"].as_str().unwrap().to_owned();
    audit(&token).await.expect(200);
    // Without it they are customers again, at once.
    let body = Some(json!({ "password": PASSWORD }));
    shop.call(Method::DELETE, "/api/v1/accounts/me/totp", &token, body).await.expect(204);
    audit(&token).await.expect(401);
    let again = sign_in(&shop, &clerk.email, None).await.expect(201).json();
    audit(again["access_token"].as_str().unwrap()).await.expect(403);
}
