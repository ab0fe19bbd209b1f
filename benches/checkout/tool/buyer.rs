//! One client: a connection, and one checkout after another on it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};

use super::bodies::Bodies;
use super::connection::Connection;
use super::cut;
use super::tally::{Call, Fault, Tally};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const ORDER_KEY: HeaderName = HeaderName::from_static("order-key");
/// Longer than the server itself takes to give up.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often an order that is not confirmed yet is read again, and how long after.
const READS: u32 = 2_000;
const READ_AGAIN: Duration = Duration::from_millis(1);

pub struct Buyer {
    address: SocketAddr,
    bodies: Arc<Bodies>,
    /// None: not opened yet, or broken.
    connection: Option<Connection>,
    /// The state of a linear congruential generator: which goods are bought next.
    chance: u64,
}

impl Buyer {
    pub fn new(number: usize, address: SocketAddr, bodies: &Arc<Bodies>) -> Self {
        let chance = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { address, bodies: Arc::clone(bodies), connection: None, chance }
    }

    /// So that the first checkout does not pay for it.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn connect(&mut self) -> anyhow::Result<()> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open(self.address).await?);
        }
        Ok(())
    }

    /// A whole checkout, counted from `since`.
    pub async fn buy(&mut self, since: Instant, tally: &mut Tally) {
        let outcome = match tokio::time::timeout(PATIENCE, self.checkout(tally)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                // An answer may still come on it.
                self.connection = None;
                Err(Fault::Wrong(format!("no end within {PATIENCE:?}")))
            }
        };
        tally.ended(outcome, since.elapsed());
    }

    async fn checkout(&mut self, tally: &mut Tally) -> Result<(), Fault> {
        let bodies = Arc::clone(&self.bodies);
        let (first, second) = self.goods();
        let made = self.call(Call::CreateCart, Method::POST, "/api/v1/carts", None, bodies.cart.clone(), tally).await?;
        let cart = found(Call::CreateCart, "a cart", cut::starting_with(&made, "cart_"))?;
        let path = format!("/api/v1/carts/{cart}");
        let lines = format!("{path}/lines");
        self.call(Call::FirstLine, Method::POST, &lines, None, bodies.lines[first].clone(), tally).await?;
        self.call(Call::SecondLine, Method::POST, &lines, None, bodies.lines[second].clone(), tally).await?;
        self.call(Call::Contact, Method::PATCH, &path, None, bodies.contact.clone(), tally).await?;
        self.call(Call::Shipping, Method::PATCH, &path, None, bodies.shipping.clone(), tally).await?;

        let key = value(&format!("load-{}", self.next()));
        let body = format!(r#"{{"cart_id":"{cart}"}}"#).into();
        let placed =
            self.call(Call::Place, Method::POST, "/api/v1/orders", Some((IDEMPOTENCY_KEY, key)), body, tally).await?;
        stands(Call::Place, &placed, "awaiting_payment")?;
        let order = found(Call::Place, "an order", cut::starting_with(&placed, "ord_"))?;
        let payment = found(Call::Place, "a payment", cut::starting_with(&placed, "pay_"))?;
        let key = value(found(Call::Place, "a key", cut::after(&placed, "\"access_key\":\""))?);

        let path = format!("/api/v1/payments/{payment}/confirm");
        let header = Some((ORDER_KEY, key.clone()));
        let paid = self.call(Call::Pay, Method::POST, &path, header, bodies.payment.clone(), tally).await?;
        stands(Call::Pay, &paid, "captured")?;
        self.read_until_confirmed(&format!("/api/v1/orders/{order}"), key, tally).await
    }

    async fn read_until_confirmed(&mut self, path: &str, key: HeaderValue, tally: &mut Tally) -> Result<(), Fault> {
        for _ in 1..READS {
            let header = Some((ORDER_KEY, key.clone()));
            let order = self.call(Call::Read, Method::GET, path, header, Bytes::new(), tally).await?;
            if stands(Call::Read, &order, "confirmed").is_ok() {
                return Ok(());
            }
            tokio::time::sleep(READ_AGAIN).await;
        }
        Err(Fault::Wrong(format!("{}: not confirmed after {READS} reads", Call::Read.name())))
    }

    async fn call(
        &mut self,
        call: Call,
        method: Method,
        path: &str,
        header: Option<(HeaderName, HeaderValue)>,
        body: Bytes,
        tally: &mut Tally,
    ) -> Result<Bytes, Fault> {
        let wrong = |what: String| Fault::Wrong(format!("{}: {what}", call.name()));
        let start = Instant::now();
        self.connect().await.map_err(|error| wrong(format!("no connection ({error:#})")))?;
        let Some(connection) = &mut self.connection else { return Err(wrong("no connection".to_owned())) };
        let reply = match connection.call(method, path, header, body).await {
            Ok(reply) => reply,
            Err(error) => {
                self.connection = None;
                return Err(wrong(format!("the connection broke ({error:#})")));
            }
        };
        tally.answered(call, start.elapsed());
        match reply.status.as_u16() {
            status if status == call.expected() => Ok(reply.body),
            503 => Err(Fault::Unavailable),
            status => {
                Err(wrong(format!("{status} {}", cut::after(&reply.body, "\"code\":\"").unwrap_or("without a code"))))
            }
        }
    }

    /// Two different products.
    fn goods(&mut self) -> (usize, usize) {
        let count = self.bodies.lines.len();
        let first = self.next() as usize % count;
        (first, (first + 1 + self.next() as usize % (count - 1)) % count)
    }

    /// Constants of Knuth's MMIX generator; the upper half is the better one.
    fn next(&mut self) -> u32 {
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.chance >> 32) as u32
    }
}

fn found<'a>(call: Call, what: &str, found: Option<&'a str>) -> Result<&'a str, Fault> {
    found.ok_or_else(|| Fault::Wrong(format!("{}: the answer has no {what}", call.name())))
}

/// The first status in an order's or a payment's answer is its own.
fn stands(call: Call, body: &[u8], wanted: &str) -> Result<(), Fault> {
    match cut::after(body, "\"status\":\"") {
        Some(status) if status == wanted => Ok(()),
        other => Err(Fault::Wrong(format!("{}: the status is {other:?}, not {wanted}", call.name()))),
    }
}

/// Ids and keys are visible ASCII.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unreadable"))
}
