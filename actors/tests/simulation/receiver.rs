//! Whoever is told of orders: the mail server of the buyers and a program that takes webhooks. Both may be away, or
//! take something and be unable to say so. What they are told has to be in the journal by then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::Value;
use souk_domain::aggregate::Seq;
use souk_domain::id::{EndpointId, delivery_id};
use souk_domain::order::event::OrderEvent;
use souk_domain::order::notice::Moment;
use souk_integrations::mail::{MailFault, MailSender, OrderMail, is_mailed};
use souk_integrations::webhooks::{Unsent, WebhookRequest, WebhookSender};
use souk_persistence::journal::EntityId;

use crate::stores::MemoryStore;
use crate::world::{World, lock};

/// The longest that telling takes, in milliseconds.
const CALL_MILLIS: u64 = 80;
/// What the consumer is called in the ids of its mails.
const MAIL: &str = "mail";
pub const HOOK: &str = "https://books.example/hook";

pub struct Receiver {
    world: Arc<World>,
    orders: MemoryStore,
    /// By consumer and order: the numbers that were told, in the order in which they first came.
    told: Mutex<BTreeMap<(String, EntityId), Vec<Seq>>>,
}

impl Receiver {
    pub fn new(world: &Arc<World>, orders: MemoryStore) -> Arc<Self> {
        Arc::new(Self { world: Arc::clone(world), orders, told: Mutex::default() })
    }

    /// Looks up what the delivery tells of, as it is in the journal at this moment.
    fn take(&self, consumer: &str, order: &EntityId, id: &str, notice: &str) {
        self.world.note(format_args!("{consumer} is told {notice} of {order}"));
        let seq = moments(&self.orders, order).into_iter().find_map(|(seq, moment)| {
            let named = delivery_id(consumer, order.as_str(), seq).to_string() == id;
            (named && moment.notice().is_some_and(|it| it.name() == notice)).then_some(seq)
        });
        let Some(seq) = seq else {
            self.world.history().violated(format!("only what is durable is told: {notice} of {order} to {consumer}"));
            return;
        };
        let mut told = lock(&self.told);
        let line = told.entry((consumer.to_owned(), order.clone())).or_default();
        if !line.contains(&seq) {
            line.push(seq);
        }
    }

    /// Takes the way there and back, on each of which it may get lost.
    async fn call(&self, take: impl FnOnce()) -> Result<(), String> {
        let fails = self.world.weather().map_or(0, |weather| weather.provider_fails);
        self.world.pause(CALL_MILLIS).await;
        if self.world.happens(fails) {
            return Err("nobody is there".to_owned());
        }
        take();
        self.world.pause(CALL_MILLIS).await;
        if self.world.happens(fails) { Err("no answer".to_owned()) } else { Ok(()) }
    }

    /// Everything that is to be told was, in its order.
    pub fn check(&self, wrong: &mut Vec<String>) {
        let told = lock(&self.told);
        let books = self.orders.books();
        let hooks: Vec<EndpointId> = books.told.endpoints().collect();
        let orders: Vec<EntityId> = books.entities.keys().filter(|id| id.kind() == "ord").cloned().collect();
        drop(books);
        for order in orders {
            let moments = moments(&self.orders, &order);
            let notices = || moments.iter().filter_map(|(seq, moment)| Some((*seq, moment.notice()?)));
            let mailed = notices().filter(|(_, notice)| is_mailed(*notice)).map(|(seq, _)| seq).collect();
            let hooked: Vec<Seq> = notices().map(|(seq, _)| seq).collect();
            let hooks = hooks.iter().map(|hook| (hook.to_string(), hooked.clone()));
            for (consumer, expected) in hooks.chain([(MAIL.to_owned(), mailed)]) {
                let line = told.get(&(consumer.clone(), order.clone())).cloned().unwrap_or_default();
                if line != expected {
                    wrong.push(format!(
                        "what happened is told, in order: {consumer} of {order}: {line:?}, {expected:?}"
                    ));
                }
            }
        }
    }
}

/// The order at each number of its journal.
fn moments(orders: &MemoryStore, id: &EntityId) -> Vec<(Seq, Moment)> {
    let books = orders.books();
    let recorded = books.entities.get(id).map_or(&[][..], |kept| &kept.events);
    let events: Vec<OrderEvent> = recorded.iter().filter_map(|it| serde_json::from_str(&it.event).ok()).collect();
    (1..=events.len() as Seq).filter_map(|seq| Some((seq, Moment::at(&events, seq)?))).collect()
}

#[async_trait]
impl MailSender for Receiver {
    async fn send(&self, mail: OrderMail) -> Result<(), MailFault> {
        let OrderMail { id, notice, moment, at: _ } = mail;
        let order = moment.order.placement.map(|placement| EntityId::new(placement.id));
        let order = order.unwrap_or_else(|| EntityId::new("of no order"));
        let taken = self.call(|| self.take(MAIL, &order, &id, notice.name())).await;
        taken.map_err(|reason| MailFault::Failed { reason, status: None })
    }
}

#[async_trait]
impl WebhookSender for Receiver {
    async fn post(&self, request: WebhookRequest) -> Result<u16, Unsent> {
        let WebhookRequest { url: _, id, timestamp: _, body, secrets: _ } = request;
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (order, notice) = (EntityId::new(text(&body["data"]["order"]["id"])), text(&body["type"]));
        let hooks: Vec<EndpointId> = self.orders.books().told.endpoints().collect();
        let taken =
            self.call(|| hooks.iter().for_each(|hook| self.take(&hook.to_string(), &order, &id, &notice))).await;
        taken.map(|()| 200).map_err(Unsent)
    }

    fn check(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }
}
