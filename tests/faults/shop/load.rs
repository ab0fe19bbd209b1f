//! Clients that never give up: whatever is not answered for good is asked again, with the same key. So in the end the
//! outcome of everything that was asked is known.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::super::support::answer::Answer;
use super::super::support::buyer::{Order, Variant, contact};
use super::super::support::client::Client;
use super::calls::Call;
use super::tally::Tally;

pub const GOODS: &str = "plain";
/// All of them: a reader, a browser and somebody with an account too.
pub const CLIENTS: usize = BUYERS + CHANGERS + TALKERS + 3;
const BUYERS: usize = 6;
const CHANGERS: usize = 2;
const TALKERS: usize = 3;
pub const PASSWORD: &str = "a long and silly pass phrase";
pub const EMAIL: &str = "ada@example.com";

/// Between two calls of a client; and before one that was refused is made again, sooner than it was asked for.
const PAUSE: Duration = Duration::from_millis(10);
const AGAIN: Duration = Duration::from_millis(50);

/// What clients were told in all.
#[derive(Default)]
pub struct Ledger {
    pub orders: Vec<Bought>,
    /// Number, text.
    pub messages: Vec<(u64, String)>,
    /// Carts, and the quantity of their one line.
    pub carts: Vec<(String, u64)>,
    /// The account's name.
    pub name: Option<String>,
}

pub struct Bought {
    pub cart: String,
    pub order: Order,
    pub quantity: i64,
}

pub struct Load {
    tasks: JoinSet<Ledger>,
    stop: Arc<AtomicBool>,
}

/// Someone who asks.
#[derive(Clone)]
struct Asker {
    /// From 0 to [`CLIENTS`].
    number: usize,
    client: Client,
    tally: Tally,
    stop: Arc<AtomicBool>,
}

impl Load {
    /// In this room.
    pub async fn start(client: &Client, room: &str, token: &str, tally: &Tally) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut numbers = 0..CLIENTS;
        let mut asker = |client: &Client| {
            let number = numbers.next().expect("a number for each client");
            Asker { number, client: client.clone(), tally: tally.clone(), stop: Arc::clone(&stop) }
        };
        let variant = client.variant(GOODS).await;
        let mut details = contact();
        let cart = client.filled_cart(&[(&variant, 1)]).await;
        details["shipping_option_id"] = client.shipping_option(&cart).await.into();
        let account = json!({"email": EMAIL, "password": PASSWORD, "name": "Ada"});
        client.post("/api/v1/accounts", account).await.expect(201);

        let mut tasks = JoinSet::new();
        for _ in 0..BUYERS {
            tasks.spawn(asker(client).buy(variant.clone(), details.clone()));
        }
        for _ in 0..CHANGERS {
            let cart = client.filled_cart(&[(&variant, 1)]).await;
            tasks.spawn(asker(client).change(cart, variant.clone()));
        }
        let member = client.acting_as(token);
        for number in 0..TALKERS {
            tasks.spawn(asker(&member).talk(room.to_owned(), number));
        }
        tasks.spawn(asker(&member).read(room.to_owned()));
        tasks.spawn(asker(client).browse());
        tasks.spawn(asker(client).be_somebody());
        Self { tasks, stop }
    }

    /// What they were told, once everybody has a final answer.
    pub async fn end(mut self) -> Ledger {
        self.stop.store(true, Ordering::SeqCst);
        let mut ledger = Ledger::default();
        while let Some(ended) = self.tasks.join_next().await {
            let Ledger { orders, messages, carts, name } = ended.expect("a client comes to an end");
            ledger.orders.extend(orders);
            ledger.messages.extend(messages);
            ledger.carts.extend(carts);
            ledger.name = ledger.name.or(name);
        }
        ledger
    }
}

impl Asker {
    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::SeqCst)
    }

    /// Until there is a final answer.
    async fn ask<Asking: Future<Output = Answer>>(&self, call: Call, mut ask: impl FnMut() -> Asking) -> Answer {
        loop {
            let asked = self.tally.asked(self.number, call);
            let answer = ask().await;
            if self.tally.answered(&asked, &answer) {
                tokio::time::sleep(PAUSE).await;
                return answer;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn buy(self, variant: Variant, details: Value) -> Ledger {
        let (client, mut ledger) = (&self.client, Ledger::default());
        while self.goes_on() {
            let cart = self.ask(Call::Cart, || client.post("/api/v1/carts", json!({}))).await.expect(201);
            let cart = cart["id"].as_str().expect("a cart has an id").to_owned();
            // What was done and not answered is done twice: the order says how many there are then.
            self.ask(Call::Cart, || client.add_line(&cart, &variant, 1)).await.expect(200);
            self.ask(Call::Cart, || client.change_cart(&cart, details.clone())).await.expect(200);
            let order = Order::from(&self.ask(Call::Order, || client.place(&cart, "the-key")).await);
            loop {
                let paid = self.ask(Call::Pay, || client.confirm(&order, "tok_ok")).await.expect(200);
                if paid["status"] == "captured" {
                    break;
                }
                assert_eq!(paid["status"], "processing", "{paid}");
                tokio::time::sleep(AGAIN).await;
            }
            let quantity = order.body["lines"][0]["quantity"].as_i64().expect("a quantity");
            ledger.orders.push(Bought { cart, order, quantity });
        }
        ledger
    }

    async fn change(self, cart: String, variant: Variant) -> Ledger {
        let path = format!("/api/v1/carts/{cart}/lines/{}", variant.id);
        let mut quantity = 1;
        while self.goes_on() {
            quantity = quantity % 900 + 1;
            let body = json!({"quantity": quantity});
            let changed = self.ask(Call::Cart, || self.client.patch(&path, body.clone())).await.expect(200);
            assert_eq!(changed["lines"][0]["quantity"], quantity, "{changed}");
        }
        Ledger { carts: vec![(cart, quantity)], ..Ledger::default() }
    }

    async fn talk(self, room: String, talker: usize) -> Ledger {
        let mut ledger = Ledger::default();
        for number in 0.. {
            if !self.goes_on() {
                break;
            }
            let text = format!("message {number} of {talker}");
            let said = self.ask(Call::Say, || self.client.post_message(&room, &text, &text)).await;
            assert!(said.is(200) || said.is(201), "{said}");
            ledger.messages.push((said.json()["seq"].as_u64().expect("a number"), text));
        }
        ledger
    }

    async fn read(self, room: String) -> Ledger {
        let path = format!("/api/v1/rooms/{room}/messages?limit=10");
        while self.goes_on() {
            self.ask(Call::History, || self.client.get(&path)).await.expect(200);
        }
        Ledger::default()
    }

    async fn browse(self) -> Ledger {
        let path = format!("/api/v1/products/{GOODS}");
        while self.goes_on() {
            self.ask(Call::Browse, || self.client.get(&path)).await.expect(200);
        }
        Ledger::default()
    }

    /// Signs in and takes another name, again and again.
    async fn be_somebody(self) -> Ledger {
        let mut name = None;
        for number in 0.. {
            if !self.goes_on() {
                break;
            }
            let credentials = json!({"email": EMAIL, "password": PASSWORD});
            let asking = || self.client.post("/api/v1/sessions", credentials.clone());
            let session = self.ask(Call::Account, asking).await.expect(201);
            let own = self.client.acting_as(session["access_token"].as_str().expect("a token"));
            let next = format!("Ada {number}");
            let change = json!({"name": next});
            let asking = || own.send(Method::PATCH, "/api/v1/accounts/me", &[], Some(&change));
            let changed = self.ask(Call::Account, asking).await.expect(200);
            assert_eq!(changed["name"], next, "{changed}");
            name = Some(next);
        }
        Ledger { name, ..Ledger::default() }
    }
}
