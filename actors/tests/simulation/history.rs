//! What the clients were told. Whatever was acknowledged has to be so at the end, whatever happened in between.

use std::collections::BTreeMap;

use souk_domain::aggregate::Seq;
use souk_domain::id::{CartId, OrderId, PaymentId, RoomId, VariantId};
use souk_domain::order::state::OrderStatus;

use crate::clients::staff::Asked;

/// The final answer to an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Placed { order: OrderId, number: u64 },
    Refused(String),
}

/// The final answer to a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refunded {
    /// Minor units.
    Done(i64),
    TooLarge(i64),
    Failed,
}

/// A message as it was acknowledged, or as a reader saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub seq: Seq,
    pub id: String,
    pub text: String,
}

/// What a seller told the shop about a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    pub price: i64,
    pub inventory: i64,
}

/// Lines of a cart: variant and quantity.
pub type Lines = Vec<(VariantId, u32)>;

#[derive(Default)]
pub struct History {
    /// Each key that was ever sent, with its final answer where there was one.
    pub keys: BTreeMap<(CartId, String), Option<Answer>>,
    /// The lines of a cart at a version that was acknowledged.
    pub carts: BTreeMap<(CartId, u64), Lines>,
    /// Outcomes that can't change any more.
    pub orders: BTreeMap<OrderId, OrderStatus>,
    pub captured: BTreeMap<PaymentId, ()>,
    /// Each refund that was ever asked for, with its final answer where there was one.
    pub refunds: BTreeMap<Asked, Option<Refunded>>,
    /// Room, author and client id: the message it became.
    pub messages: BTreeMap<(RoomId, String, String), Message>,
    /// What readers saw under each number.
    pub read: BTreeMap<(RoomId, Seq), Message>,
    /// For each product's handle: what was acknowledged last, and what was tried since.
    pub offers: BTreeMap<String, Vec<Offer>>,
    /// What is wrong, as it was seen.
    pub violations: Vec<String>,
}

impl History {
    pub fn violated(&mut self, what: String) {
        self.violations.push(what);
    }

    pub fn asked(&mut self, cart: CartId, key: &str) {
        self.keys.entry((cart, key.to_owned())).or_default();
    }

    pub fn answered(&mut self, cart: CartId, key: &str, answer: Answer) {
        let known = self.keys.entry((cart, key.to_owned())).or_default();
        match known {
            None => *known = Some(answer),
            Some(before) if *before == answer => {}
            Some(before) => {
                let what = format!("one key, one answer: {cart} {key}: first {before:?}, then {answer:?}");
                self.violated(what);
            }
        }
    }

    pub fn cart(&mut self, cart: CartId, version: u64, lines: Lines) {
        let known = self.carts.entry((cart, version)).or_insert_with(|| lines.clone());
        if *known != lines {
            let what = format!("one version, one cart: {cart} at {version}: {known:?} and {lines:?}");
            self.violated(what);
        }
    }

    pub fn order(&mut self, order: OrderId, status: OrderStatus) {
        if status == OrderStatus::AwaitingPayment {
            return;
        }
        let known = *self.orders.entry(order).or_insert(status);
        if (known, status) == (OrderStatus::Confirmed, OrderStatus::Refunded) {
            self.orders.insert(order, status);
        } else if known != status {
            self.violated(format!("an outcome stays: order {order} was {known:?}, then {status:?}"));
        }
    }

    pub fn refunded(&mut self, asked: &Asked, answer: Refunded) {
        match self.refunds.insert(asked.clone(), Some(answer)).flatten() {
            Some(before) if before != answer => {
                self.violated(format!("one key, one refund: {asked:?}: first {before:?}, then {answer:?}"));
            }
            _ => {}
        }
    }

    pub fn posted(&mut self, room: RoomId, author: &str, client_id: &str, message: Message) {
        let key = (room, author.to_owned(), client_id.to_owned());
        let known = self.messages.entry(key).or_insert_with(|| message.clone()).clone();
        if known != message {
            self.violated(format!("one client id, one message: {client_id}: {known:?} and {message:?}"));
        }
    }

    pub fn read(&mut self, room: RoomId, message: Message) {
        let known = self.read.entry((room, message.seq)).or_insert_with(|| message.clone()).clone();
        if known != message {
            self.violated(format!("one number, one message: {known:?} and {message:?}"));
        }
    }

    pub fn offering(&mut self, handle: &str, offer: Offer) {
        self.offers.entry(handle.to_owned()).or_default().push(offer);
    }

    /// What was offered last is so: what came before it no longer counts.
    pub fn offered(&mut self, handle: &str) {
        if let Some(offers) = self.offers.get_mut(handle) {
            offers.drain(..offers.len().saturating_sub(1));
        }
    }
}
