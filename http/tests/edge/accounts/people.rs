//! Somebody with an account, and what they hold.

use axum::http::Method;
use serde_json::{Value, json};
use souk_actors::accounts::register::Newcomer;
use souk_domain::account::role::{Permission, Role};

use crate::answer::Answer;
use crate::shop::Shop;

pub const PASSWORD: &str = "correct horse battery staple";

pub struct Person {
    pub id: String,
    pub email: String,
    pub token: String,
    pub cookie: String,
}

impl Person {
    pub fn of(answer: &Answer) -> Self {
        let body = answer.json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            id: text(&body["account"]["id"]),
            email: text(&body["account"]["email"]),
            token: text(&body["access_token"]),
            cookie: cookie(answer).expect("a cookie"),
        }
    }
}

/// `souk_refresh=...` as a browser sends it back; none where the answer sets none.
pub fn cookie(answer: &Answer) -> Option<String> {
    let set = answer.headers.get("set-cookie")?.to_str().unwrap();
    Some(set.split(';').next().unwrap().to_owned())
}

impl Shop {
    pub async fn register(&self, name: &str) -> Person {
        let email = format!("{name}@example.com");
        let body = json!({ "email": email, "password": PASSWORD, "name": name });
        Person::of(&self.post("/api/v1/accounts", body).await.expect(201))
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/api/v1/sessions", json!({ "email": email, "password": password })).await
    }

    pub async fn refresh(&self, cookie: &str) -> Answer {
        self.ask(Method::POST, "/api/v1/sessions/refresh").header("cookie", cookie).send().await
    }

    /// Somebody who works for the shop, signed in.
    pub async fn employee(&self, name: &str, role: Role, permissions: &[Permission]) -> Person {
        let email = format!("{name}@shop.example");
        let newcomer = Newcomer { email: email.clone(), password: PASSWORD.into(), name: name.into() };
        let accounts = &self.app.market.accounts;
        accounts.create(newcomer, role, permissions.iter().copied().collect(), "test").await.expect("created");
        Person::of(&self.sign_in(&email, PASSWORD).await.expect(201))
    }

    pub async fn call(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
        let ask = self.ask(method, path).bearer(token);
        match body {
            Some(body) => ask.json(&body).send().await,
            None => ask.send().await,
        }
    }
}
