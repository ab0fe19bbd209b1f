//! The callers, and the things that a row names: made anew for each call, so that what one may destroy is there for the
//! next.

use axum::http::Method;
use serde_json::{Value, json};
use souk_domain::account::role::{Permission, Role};

use super::row::{Caller, Row};
use crate::accounts::people::{PASSWORD, Person};
use crate::answer::Answer;
use crate::shop::{ForSale, Shop, address};

pub struct Stage<'a> {
    shop: &'a Shop,
    pot: ForSale,
    guest: String,
    other: Person,
    seller: Person,
    without: Person,
    with: Person,
    admin: Person,
    /// So that each owner and each name is new.
    count: u32,
}

impl<'a> Stage<'a> {
    pub async fn new(shop: &'a Shop) -> Self {
        Self {
            shop,
            pot: shop.product("pot", 100_000, 1_000).await,
            guest: shop.guest("Gus").await.1,
            other: shop.register("other").await,
            seller: shop.employee("seller", Role::Seller, &[]).await,
            without: shop.employee("without", Role::Staff, &[]).await,
            with: shop.employee("with", Role::Staff, &Permission::ALL).await,
            admin: shop.employee("admin", Role::Admin, &[]).await,
            count: 0,
        }
    }

    pub async fn call(&mut self, caller: Caller, row: &Row) -> Answer {
        self.count += 1;
        let owner = self.shop.register(&format!("owner{}", self.count)).await;
        let path = self.filled(&row.path, &owner).await;
        let token = match caller {
            Caller::Anonymous => None,
            Caller::Guest => Some(&self.guest),
            Caller::Other => Some(&self.other.token),
            Caller::Seller => Some(&self.seller.token),
            Caller::StaffWithout => Some(&self.without.token),
            Caller::StaffWith => Some(&self.with.token),
            Caller::Admin => Some(&self.admin.token),
            Caller::Owner => Some(&owner.token),
        };
        let key = format!("key-{}", self.count);
        let mut ask = self.shop.ask(row.method.parse().expect("a method"), &path).header("idempotency-key", key);
        if let Some(token) = token {
            ask = ask.bearer(token);
        }
        match &row.body {
            Some(body) => {
                let body = self.filled(body, &owner).await;
                ask.json(&serde_json::from_str(&body).unwrap_or_else(|error| panic!("{body}: {error}"))).send().await
            }
            None => ask.send().await,
        }
    }

    /// The text with the owner's own things for their names.
    async fn filled(&self, text: &str, owner: &Person) -> String {
        let mut text = text.to_owned();
        for name in NAMES {
            let place = format!("{{{name}}}");
            if text.contains(&place) {
                text = text.replace(&place, &self.make(name, owner).await);
            }
        }
        text
    }

    async fn make(&self, name: &str, owner: &Person) -> String {
        match name {
            "product" => self.pot.id.clone(),
            "variant" => self.pot.variant_id.clone(),
            "fresh" => format!("fresh{}", self.count),
            "account" => owner.id.clone(),
            "address_body" => address().to_string(),
            "cart" => self.cart(owner).await,
            "order" => id(&self.order(owner).await),
            "payment" => id(&self.order(owner).await["payment"]),
            "address" => {
                let body = json!({ "address": address() });
                id(&self.made(owner, Method::POST, "/api/v1/accounts/me/addresses", body).await)
            }
            "session" => {
                self.shop.sign_in(&owner.email, PASSWORD).await.expect(201);
                let list = self.shop.call(Method::GET, "/api/v1/sessions", &owner.token, None).await.expect(200).json();
                id(&list["items"][0])
            }
            "room" => id(&self.made(owner, Method::POST, "/api/v1/rooms", json!({ "kind": "support" })).await),
            "webhook" => {
                let body = json!({ "url": format!("https://hooks.example.com/w{}", self.count) });
                let made = self.made(&self.admin, Method::POST, "/api/v1/webhooks", body).await;
                // An endpoint has to go again: there are at most fifty.
                self.others_go(&id(&made)).await;
                id(&made)
            }
            "key" => {
                let body = json!({ "name": "x", "scopes": [] });
                id(&self.made(&self.admin, Method::POST, "/api/v1/api-keys", body).await)
            }
            other => panic!("nobody knows what {{{other}}} is"),
        }
    }

    async fn others_go(&self, stays: &str) {
        let list = self.shop.call(Method::GET, "/api/v1/webhooks", &self.admin.token, None).await.expect(200).json();
        for item in list["items"].as_array().into_iter().flatten().filter(|item| item["id"] != stays) {
            let path = format!("/api/v1/webhooks/{}", id(item));
            self.shop.call(Method::DELETE, &path, &self.admin.token, None).await.expect(204);
        }
    }

    async fn made(&self, by: &Person, method: Method, path: &str, body: Value) -> Value {
        let answer = self.shop.call(method, path, &by.token, Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {answer:?}");
        answer.json()
    }

    async fn cart(&self, owner: &Person) -> String {
        let cart = id(&self.made(owner, Method::POST, "/api/v1/carts", json!({})).await);
        let path = format!("/api/v1/carts/{cart}");
        let line = json!({ "variant_id": self.pot.variant_id, "quantity": 1 });
        self.made(owner, Method::POST, &format!("{path}/lines"), line).await;
        let change = json!({ "email": owner.email, "shipping_address": address(), "shipping_option_id": "standard" });
        self.made(owner, Method::PATCH, &path, change).await;
        cart
    }

    async fn order(&self, owner: &Person) -> Value {
        let body = json!({ "cart_id": self.cart(owner).await });
        let ask = self.shop.ask(Method::POST, "/api/v1/orders").bearer(&owner.token).header("idempotency-key", "k");
        ask.json(&body).send().await.expect(201).json()
    }
}

const NAMES: [&str; 13] = [
    "product",
    "variant",
    "fresh",
    "account",
    "address_body",
    "cart",
    "order",
    "payment",
    "address",
    "session",
    "room",
    "webhook",
    "key",
];

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap_or_else(|| panic!("no id in {of}")).to_owned()
}
