//! A shop with everything in it, and what must be the same wherever it is served from.

use serde_json::{Value, json};

use super::support::buyer::Order;
use super::support::catalogue::Csv;
use super::support::client::Client;

const PASSWORD: &str = "lètmein ☕ to the shop";
const EMAIL: &str = "ada@example.com";
const MESSAGES: usize = 150;

pub fn goods() -> Csv {
    Csv::new().product("lamp", 40, "25.00").product("pot", 7, "8.00").product("rug", 3, "120.00")
}

/// What was done, and what it looked like.
#[derive(Debug)]
pub struct Life {
    pub orders: Vec<Order>,
    room: String,
    cart: String,
    seen: Value,
}

impl Life {
    /// Orders in every state, a cart that is open, a room with a long history, an account.
    pub async fn lived(client: &Client) -> Self {
        let (lamp, pot) = (client.variant("lamp").await, client.variant("pot").await);
        let mut orders = Vec::new();
        for number in 0..4 {
            let order = client.ordered(&[(&lamp, 2), (&pot, 1)]).await;
            match number {
                0 | 1 => drop(client.confirm_to_the_end(&order, "tok_ok").await.expect(200)),
                2 => drop(client.cancel(&order).await.expect(200)),
                // It still waits for its payment when the shop is copied.
                _ => {}
            }
            orders.push(order);
        }
        for (order, status) in orders.iter().zip(["confirmed", "confirmed", "cancelled", "awaiting_payment"]) {
            client.until_status(order, status).await;
        }
        let cart = client.filled_cart(&[(&pot, 1)]).await;
        let guests = [client.guest("Ada").await, client.guest("Ben").await];
        let room = client.acting_as(&guests[0].token).product_room(&lamp.product_id).await;
        for number in 0..MESSAGES {
            let said = client.acting_as(&guests[number % 2].token);
            said.post_message(&room, &format!("message {number} ☕"), &format!("c{number}")).await.expect(201);
        }
        let account = json!({ "email": EMAIL, "password": PASSWORD, "name": "Ada" });
        client.post("/api/v1/accounts", account).await.expect(201);
        let mut life = Self { orders, room, cart, seen: Value::Null };
        life.seen = life.look(client).await;
        life
    }

    pub async fn assert_same(&self, client: &Client) {
        assert_eq!(self.look(client).await, self.seen, "something is not as it was");
        let session =
            client.post("/api/v1/sessions", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(201);
        assert_eq!(session["account"]["email"], EMAIL);
        let wrong = client.post("/api/v1/sessions", json!({ "email": EMAIL, "password": "another one ☕" })).await;
        assert!(wrong.is(401), "{wrong}");
    }

    /// Buys once more: the order gets a number of its own, above all others. What is seen is another thing from then on.
    pub async fn live_on(&mut self, client: &Client) {
        let waiting = self.orders.iter().find(|order| self.status(order) == "awaiting_payment").cloned();
        if let Some(waiting) = waiting {
            client.confirm_to_the_end(&waiting, "tok_ok").await.expect(200);
            client.until_status(&waiting, "confirmed").await;
        }
        let highest = self.orders.iter().map(number).max().expect("orders");
        let lamp = client.variant("lamp").await;
        let order = client.ordered(&[(&lamp, 1)]).await;
        assert!(number(&order) > highest, "{} comes after {highest}", number(&order));
        client.confirm_to_the_end(&order, "tok_ok").await.expect(200);
        client.until_status(&order, "confirmed").await;
        self.orders.push(order);
        let guest = client.guest("Cleo").await;
        let said = client.acting_as(&guest.token).post_message(&self.room, "after the move", "moved").await.expect(201);
        assert_eq!(said["seq"].as_u64(), Some(self.newest_message() + 1), "{said}");
        self.seen = self.look(client).await;
    }

    fn status(&self, order: &Order) -> &str {
        let place = self.orders.iter().position(|known| known.id == order.id).expect("a known order");
        self.seen["orders"][place]["status"].as_str().unwrap_or_default()
    }

    fn newest_message(&self) -> u64 {
        let messages = self.seen["messages"].as_array().expect("messages");
        messages.last().and_then(|message| message["seq"].as_u64()).expect("a number")
    }

    async fn look(&self, client: &Client) -> Value {
        let mut orders = Vec::new();
        for order in &self.orders {
            orders.push(json!({
                "status": client.order(order).await.json()["status"],
                "order": client.order(order).await.json(),
                "timeline": client.timeline(order).await,
            }));
        }
        let mut products = Vec::new();
        for handle in ["lamp", "pot", "rug"] {
            products.push(client.product(handle).await);
        }
        json!({
            "orders": orders,
            "products": products,
            "cart": client.get(&format!("/api/v1/carts/{}", self.cart)).await.json(),
            "messages": client.messages(&self.room).await,
        })
    }
}

fn number(order: &Order) -> u64 {
    let number = &order.body["number"];
    let text = number.as_str().map(|text| text.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned());
    number.as_u64().or_else(|| text?.parse().ok()).unwrap_or_else(|| panic!("no number: {}", order.body))
}
