//! Clients that write down what they asked and what they were told. Each goes on until its connection breaks.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::support::answer::Answer;
use super::support::buyer::{Order, Variant, contact};
use super::support::chance::Chance;
use super::support::client::Client;
use super::support::live::Live;
use super::support::people::Guest;
use super::support::shop::Shop;

/// Few units, many buyers: its holds come and go.
pub const HOT: &str = "hot";
/// As many as anybody wants.
pub const PLAIN: &str = "plain";
/// The code of a discount with few uses.
pub const DROP: &str = "DROP";

const BUYERS: usize = 8;
const TALKERS: usize = 4;
const CHANGERS: usize = 2;

/// All that was asked in a round or more.
#[derive(Default)]
pub struct Ledger {
    pub orders: Vec<OrderRecord>,
    pub messages: Vec<MessageRecord>,
    pub carts: Vec<CartRecord>,
}

pub struct OrderRecord {
    pub cart: String,
    pub key: String,
    pub handle: &'static str,
    pub quantity: u32,
    /// Whether the cart has the code [`DROP`].
    pub discounted: bool,
    pub placed: Placed,
    pub then: Then,
    /// Whether what came after the placing was acknowledged.
    pub acknowledged: bool,
}

/// What the answer to the placing was.
#[derive(Debug, Clone)]
pub enum Placed {
    Unknown,
    Ordered(Order),
    SoldOut,
    /// Its discount had no use left.
    UsedUp,
}

/// What the buyer did with the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Nothing,
    Paid,
    /// Paid, and then given back by staff.
    Refunded,
    Cancelled,
}

pub struct MessageRecord {
    pub author: Guest,
    pub room: String,
    pub text: String,
    pub client_id: String,
    /// None: not acknowledged.
    pub seq: Option<u64>,
}

/// A cart whose one line is set to 1, 2, 3 and so on.
pub struct CartRecord {
    pub cart: String,
    pub acknowledged: u64,
}

/// Counts acknowledgements, so that the process can be killed after so many.
#[derive(Clone)]
pub struct Progress(Arc<watch::Sender<u64>>);

impl Progress {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    fn acknowledged(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    pub async fn reaches(&self, count: u64) {
        let mut counter = self.0.subscribe();
        let reached = timeout(Duration::from_secs(60), counter.wait_for(|reached| *reached >= count)).await;
        assert!(matches!(reached, Ok(Ok(_))), "{count} acknowledgements don't come in a minute");
    }
}

impl Ledger {
    fn add(&mut self, other: Self) {
        let Self { orders, messages, carts } = other;
        self.orders.extend(orders);
        self.messages.extend(messages);
        self.carts.extend(carts);
    }
}

/// Clients at work.
pub struct Load(JoinSet<Ledger>);

impl Load {
    /// `round` makes texts and keys unique.
    pub async fn start(shop: &Shop, round: usize, chance: &mut Chance, progress: &Progress) -> Self {
        let client = shop.client();
        let staff = staff(shop).await;
        let goods = [(HOT, client.variant(HOT).await), (PLAIN, client.variant(PLAIN).await)];
        let option = client.shipping_option(&client.filled_cart(&[(&goods[1].1, 1)]).await).await;
        let mut details = contact();
        details["shipping_option_id"] = option.into();

        let mut tasks = JoinSet::new();
        for _ in 0..BUYERS {
            let (client, staff) = (client.clone(), staff.clone());
            let buyer = Buyer { client, staff, goods: goods.clone(), details: details.clone() };
            tasks.spawn(buyer.buy_on_and_on(chance.fork(), progress.clone()));
        }
        for number in 0..TALKERS {
            let author = client.guest(&format!("Talker {number}")).await;
            let own = client.acting_as(&author.token);
            let room = own.product_room(&goods[number % 2].1.product_id).await;
            let talker = Talker { author, room, name: format!("{round}-{number}") };
            if number == 0 {
                let mut live = shop.live().await;
                live.authenticate(&talker.author.token).await;
                tasks.spawn(talker.talk_live(live, progress.clone()));
            } else {
                tasks.spawn(talker.talk(own, progress.clone()));
            }
        }
        for _ in 0..CHANGERS {
            let cart = client.filled_cart(&[(&goods[1].1, 1)]).await;
            tasks.spawn(change_on_and_on(client.clone(), cart, goods[1].1.clone(), progress.clone()));
        }
        Self(tasks)
    }

    /// What they wrote down, once all their connections are broken.
    pub async fn end(mut self, ledger: &mut Ledger) {
        while let Some(ended) = self.0.join_next().await {
            ledger.add(ended.expect("a client comes to an end"));
        }
    }
}

/// A client that may do what staff may.
pub async fn staff(shop: &Shop) -> Client {
    let token = shop.run(&["token", "--name", "kill"]).await;
    token.assert_succeeded();
    shop.client().acting_as(token.stdout.trim())
}

/// The one refund of an order: always under the same key.
pub async fn refund(staff: &Client, order: &Order) -> Answer {
    let path = format!("/api/v1/orders/{}/refunds", order.id);
    staff.send(Method::POST, &path, &[("idempotency-key", "refund")], Some(&json!({"reason": "came broken"}))).await
}

struct Buyer {
    client: Client,
    staff: Client,
    goods: [(&'static str, Variant); 2],
    details: Value,
}

impl Buyer {
    async fn buy_on_and_on(self, mut chance: Chance, progress: Progress) -> Ledger {
        let mut ledger = Ledger::default();
        while let Some(mut record) = self.fill_cart(&mut chance).await {
            let connected = self.order(&mut record, &mut chance, &progress).await;
            ledger.orders.push(record);
            if connected.is_none() {
                break;
            }
        }
        ledger
    }

    /// A cart that is ready to be ordered; none when the connection broke before.
    async fn fill_cart(&self, chance: &mut Chance) -> Option<OrderRecord> {
        let created = self.client.post("/api/v1/carts", json!({})).await.unless_lost(201)?;
        let cart = created["id"].as_str().expect("a cart has an id").to_owned();
        let (handle, variant) = &self.goods[chance.between(0..2) as usize];
        let quantity = chance.between(1..4) as u32;
        self.client.add_line(&cart, variant, quantity).await.unless_lost(200)?;
        let (mut details, discounted) = (self.details.clone(), chance.between(0..4) == 0);
        if discounted {
            details["discount_codes"] = json!([DROP]);
        }
        self.client.change_cart(&cart, details).await.unless_lost(200)?;
        let (placed, then, acknowledged) = (Placed::Unknown, Then::Nothing, false);
        Some(OrderRecord { cart, key: "the-key".to_owned(), handle, quantity, discounted, placed, then, acknowledged })
    }

    /// None when the connection broke.
    async fn order(&self, record: &mut OrderRecord, chance: &mut Chance, progress: &Progress) -> Option<()> {
        let answer = unless_busy(|| self.client.place(&record.cart, &record.key)).await?;
        progress.acknowledged();
        if answer.is(409) {
            record.placed = refused(&answer);
            return Some(());
        }
        let order = Order::from(&answer);
        record.placed = Placed::Ordered(order.clone());
        match chance.between(0..10) {
            chosen @ 0..6 => {
                record.then = if chosen < 4 { Then::Paid } else { Then::Refunded };
                let answer = unless_busy(|| self.client.confirm(&order, "tok_ok")).await?;
                assert_eq!(answer.expect(200)["status"], "captured", "{answer}");
                if record.then == Then::Refunded {
                    unless_busy(|| refund(&self.staff, &order)).await?.expect(201);
                }
            }
            6..8 => {
                record.then = Then::Cancelled;
                unless_busy(|| self.client.cancel(&order)).await?.expect(200);
            }
            _ => return Some(()),
        }
        record.acknowledged = true;
        progress.acknowledged();
        Some(())
    }
}

/// Why an order was not placed.
pub fn refused(answer: &Answer) -> Placed {
    if answer.code() == "discount_used_up" {
        return Placed::UsedUp;
    }
    answer.expect_problem(409, "out_of_stock");
    Placed::SoldOut
}

/// A final answer; none when the connection broke.
async fn unless_busy<Call: Future<Output = Answer>>(mut call: impl FnMut() -> Call) -> Option<Answer> {
    loop {
        let answer = call().await;
        if answer.is_lost() {
            return None;
        }
        if !answer.is_to_be_repeated() {
            return Some(answer);
        }
        tokio::task::yield_now().await;
    }
}

struct Talker {
    author: Guest,
    room: String,
    name: String,
}

impl Talker {
    fn record(&self, number: usize) -> MessageRecord {
        let text = format!("message {number} of {}", self.name);
        let client_id = format!("{}-{number}", self.name);
        MessageRecord { author: self.author.clone(), room: self.room.clone(), text, client_id, seq: None }
    }

    async fn talk(self, client: Client, progress: Progress) -> Ledger {
        let mut ledger = Ledger::default();
        for number in 0.. {
            let mut record = self.record(number);
            let answer = client.post_message(&self.room, &record.text, &record.client_id).await;
            let lost = answer.is_lost();
            if answer.is(200) || answer.is(201) {
                record.seq = answer.json()["seq"].as_u64();
                assert!(record.seq.is_some(), "{answer}");
                progress.acknowledged();
            }
            assert!(lost || record.seq.is_some() || answer.is_to_be_repeated(), "{answer}");
            ledger.messages.push(record);
            if lost {
                break;
            }
        }
        ledger
    }

    async fn talk_live(self, mut live: Live, progress: Progress) -> Ledger {
        let mut ledger = Ledger::default();
        let topic = format!("room:{}", self.room);
        for number in 0.. {
            let mut record = self.record(number);
            let (client_id, text) = (&record.client_id, &record.text);
            let frame = json!({"op": "publish", "topic": topic, "client_id": client_id, "data": {"text": text}});
            let reply = unless_throttled(&mut live, &frame).await;
            record.seq = reply.as_ref().and_then(|reply| reply["ok"]["seq"].as_u64());
            assert!(reply.is_none() || record.seq.is_some(), "a message is refused: {reply:?}");
            ledger.messages.push(record);
            if reply.is_none() {
                break;
            }
            progress.acknowledged();
        }
        ledger
    }
}

/// A session that says more than it may is refused, and slowed down by the server.
async fn unless_throttled(live: &mut Live, frame: &Value) -> Option<Value> {
    loop {
        let reply = live.ask_unless_lost(frame.clone()).await?;
        if reply["error"]["code"] != "rate_limited" {
            return Some(reply);
        }
    }
}

async fn change_on_and_on(client: Client, cart: String, variant: Variant, progress: Progress) -> Ledger {
    let mut acknowledged = 1;
    let path = format!("/api/v1/carts/{cart}/lines/{}", variant.id);
    for quantity in 2..=999 {
        let answer = unless_busy(|| client.patch(&path, json!({"quantity": quantity}))).await;
        let Some(answer) = answer else { break };
        answer.expect(200);
        acknowledged = quantity;
        progress.acknowledged();
    }
    Ledger { carts: vec![CartRecord { cart, acknowledged }], ..Ledger::default() }
}
