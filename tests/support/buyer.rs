//! The way of an order: product, cart, order, payment.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::answer::Answer;
use super::client::Client;
use super::wait::{SOON, eventually};

/// How often a call that is to be repeated is repeated.
const TRIES: u32 = 400;

/// A variant as its product's page shows it.
#[derive(Debug, Clone)]
pub struct Variant {
    pub product_id: String,
    pub id: String,
    /// Minor units.
    pub price: i64,
}

/// An order as the answer to its placing gave it.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: String,
    pub payment_id: String,
    /// A guest's way back.
    pub key: String,
    pub body: Value,
}

impl Order {
    #[track_caller]
    pub fn from(answer: &Answer) -> Self {
        let body = answer.expect(201);
        let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("a field is missing: {answer}")).to_owned();
        Self { id: text(&body["id"]), payment_id: text(&body["payment"]["id"]), key: text(&body["access_key"]), body }
    }
}

/// Email and address of a buyer.
pub fn contact() -> Value {
    json!({
        "email": "ada@example.com",
        "shipping_address": {
            "name": "Ada Example", "line1": "1 Main Street", "city": "Berlin", "postal_code": "10115", "country": "DE",
        },
    })
}

impl Client {
    /// A product's page.
    pub async fn product(&self, handle: &str) -> Value {
        self.get(&format!("/api/v1/products/{handle}")).await.expect(200)
    }

    /// The first variant of a product.
    pub async fn variant(&self, handle: &str) -> Variant {
        variant(&self.product(handle).await, 0)
    }

    /// What is left of the first variant of a product.
    pub async fn available(&self, handle: &str) -> i64 {
        available(&self.product(handle).await, 0)
    }

    pub async fn until_available(&self, handle: &str, expected: i64) {
        eventually(&format!("{expected} of {handle} are available"), SOON, async || {
            let available = self.available(handle).await;
            if available == expected { Ok(()) } else { Err(format!("{available} are")) }
        })
        .await;
    }

    pub async fn new_cart(&self) -> String {
        let cart = self.post("/api/v1/carts", json!({})).await.expect(201);
        cart["id"].as_str().expect("a cart has an id").to_owned()
    }

    pub async fn add_line(&self, cart: &str, variant: &Variant, quantity: u32) -> Answer {
        let body = json!({"variant_id": variant.id, "quantity": quantity});
        self.post(&format!("/api/v1/carts/{cart}/lines"), body).await
    }

    pub async fn change_cart(&self, cart: &str, changes: Value) -> Answer {
        self.patch(&format!("/api/v1/carts/{cart}"), changes).await
    }

    /// The first way to ship to [`contact`], which the cart must have.
    pub async fn shipping_option(&self, cart: &str) -> String {
        let options = self.get(&format!("/api/v1/carts/{cart}/shipping-options")).await.expect(200);
        options["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no way to ship: {options}")).to_owned()
    }

    /// A cart that lacks nothing to be ordered.
    pub async fn filled_cart(&self, lines: &[(&Variant, u32)]) -> String {
        let cart = self.new_cart().await;
        for (variant, quantity) in lines {
            self.add_line(&cart, variant, *quantity).await.expect(200);
        }
        self.change_cart(&cart, contact()).await.expect(200);
        let option = self.shipping_option(&cart).await;
        self.change_cart(&cart, json!({"shipping_option_id": option})).await.expect(200);
        cart
    }

    pub async fn place(&self, cart: &str, key: &str) -> Answer {
        self.place_body(json!({"cart_id": cart}), key).await
    }

    pub async fn place_body(&self, body: Value, key: &str) -> Answer {
        self.send(Method::POST, "/api/v1/orders", &[("idempotency-key", key)], Some(&body)).await
    }

    /// Places with the same key until the answer is a final one.
    pub async fn place_to_the_end(&self, cart: &str, key: &str) -> Answer {
        repeated(|| self.place(cart, key)).await
    }

    /// Places a cart that nothing speaks against.
    pub async fn ordered(&self, lines: &[(&Variant, u32)]) -> Order {
        let cart = self.filled_cart(lines).await;
        Order::from(&self.place_to_the_end(&cart, "the-only-key").await)
    }

    pub async fn confirm(&self, order: &Order, token: &str) -> Answer {
        let body = json!({"method": {"type": "sandbox_card", "token": token}});
        let path = format!("/api/v1/payments/{}/confirm", order.payment_id);
        self.send(Method::POST, &path, &[("order-key", &order.key)], Some(&body)).await
    }

    /// Confirms until the answer is a final one.
    pub async fn confirm_to_the_end(&self, order: &Order, token: &str) -> Answer {
        repeated(|| self.confirm(order, token)).await
    }

    pub async fn cancel(&self, order: &Order) -> Answer {
        let path = format!("/api/v1/orders/{}/cancel", order.id);
        self.send(Method::POST, &path, &[("order-key", &order.key)], None).await
    }

    pub async fn order(&self, order: &Order) -> Answer {
        self.send(Method::GET, &format!("/api/v1/orders/{}", order.id), &[("order-key", &order.key)], None).await
    }

    pub async fn timeline(&self, order: &Order) -> Value {
        let path = format!("/api/v1/orders/{}/timeline", order.id);
        self.send(Method::GET, &path, &[("order-key", &order.key)], None).await.expect(200)
    }

    pub async fn until_status(&self, order: &Order, expected: &str) -> Value {
        eventually(&format!("the order is {expected}"), SOON, async || {
            let answer = self.order(order).await;
            let body = answer.json();
            if body["status"] == expected { Ok(body) } else { Err(answer.to_string()) }
        })
        .await
    }
}

#[track_caller]
pub fn variant(product: &Value, index: usize) -> Variant {
    let shown = &product["variants"][index];
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no variant {index}: {product}")).to_owned();
    let price = shown["price"]["amount"].as_i64().unwrap_or_else(|| panic!("no price: {product}"));
    Variant { product_id: text(&product["id"]), id: text(&shown["id"]), price }
}

#[track_caller]
pub fn available(product: &Value, index: usize) -> i64 {
    let available = product["variants"][index]["available"].as_i64();
    available.unwrap_or_else(|| panic!("stock is not tracked: {product}"))
}

/// The first answer that is a final one.
async fn repeated<Call: Future<Output = Answer>>(mut call: impl FnMut() -> Call) -> Answer {
    let mut ticks = tokio::time::interval(Duration::from_millis(25));
    let mut answer = call().await;
    for _ in 0..TRIES {
        if !answer.is_to_be_repeated() {
            return answer;
        }
        ticks.tick().await;
        answer = call().await;
    }
    panic!("no final answer after {TRIES} tries; last: {answer}")
}
