//! What is told to the world outside, on real embedded stores and with a world that is played.

mod support;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use souk_actors::orders::view::OrderView;
use souk_actors::outbox::endpoints::{EndpointChange, NewEndpoint};
use souk_actors::outbox::service::Outbox;
use souk_actors::outbox::settings::{OutboxParts, OutboxSettings, Pace};
use souk_domain::id::EndpointId;
use souk_domain::payment::state::PaymentMethod;
use souk_domain::time::Timestamp;
use souk_integrations::mail::{MailFault, MailSender, OrderMail};
use souk_integrations::webhooks::{Unsent, WebhookRequest, WebhookSender};
use souk_persistence::journal::{Commit, EntityId, Journal, Relay};
use souk_persistence::outbox::{OutboxStore, Standing};
use support::{TestHouse, eventually, with_key};
use uuid::Uuid;

const LONG: Duration = Duration::from_secs(900);
const BOOKS: &str = "https://books.example";

/// How the world takes what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reply {
    Status(u16),
    NoAnswer,
    /// It has heard, but nobody learns of it.
    NeverReturns,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    /// `mail`, or the URL.
    by: String,
    id: String,
    kind: String,
    order: String,
}

/// The world: remembers what it heard, and answers by a script; 200 once that is used up.
#[derive(Default)]
struct World {
    heard: Mutex<Vec<Heard>>,
    script: Mutex<VecDeque<Reply>>,
}

impl World {
    fn with(script: &[Reply]) -> Arc<Self> {
        Arc::new(Self { script: Mutex::new(script.iter().copied().collect()), ..Self::default() })
    }

    fn heard(&self, by: &str) -> Vec<Heard> {
        self.heard.lock().unwrap().iter().filter(|heard| heard.by == by).cloned().collect()
    }

    fn kinds(&self, by: &str) -> Vec<String> {
        self.heard(by).into_iter().map(|heard| heard.kind).collect()
    }

    async fn hear(&self, heard: Heard) -> Reply {
        self.heard.lock().unwrap().push(heard);
        let reply = self.script.lock().unwrap().pop_front().unwrap_or(Reply::Status(200));
        if reply == Reply::NeverReturns {
            std::future::pending::<()>().await;
        }
        reply
    }
}

#[async_trait]
impl MailSender for World {
    async fn send(&self, mail: OrderMail) -> Result<(), MailFault> {
        let order = mail.moment.order.placement.as_ref().unwrap().id.to_string();
        let heard = Heard { by: "mail".into(), id: mail.id, kind: mail.notice.name().into(), order };
        self.heard.lock().unwrap().push(heard);
        Ok(())
    }
}

#[async_trait]
impl WebhookSender for World {
    async fn post(&self, request: WebhookRequest) -> Result<u16, Unsent> {
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let (kind, order) = (text(&body["type"]), text(&body["data"]["order"]["id"]));
        match self.hear(Heard { by: request.url, id: request.id, kind, order }).await {
            Reply::Status(status) => Ok(status),
            Reply::NoAnswer | Reply::NeverReturns => Err(Unsent("no answer".into())),
        }
    }

    fn check(&self, _url: &str) -> Result<(), String> {
        Ok(())
    }
}

fn settings(retries: &[u64]) -> OutboxSettings {
    let pace = |pace: Pace| Pace { retries: retries.iter().copied().map(Duration::from_millis).collect(), ..pace };
    let default = OutboxSettings::default();
    OutboxSettings { webhooks: pace(default.webhooks.clone()), mail: pace(default.mail.clone()), ..default }
}

async fn open(path: &Path, world: &Arc<World>, retries: &[u64]) -> TestHouse {
    let settings = settings(retries);
    TestHouse::open_telling(path, LONG, |store| {
        Some(OutboxParts { store, mail: Some(world.clone()), webhooks: world.clone(), settings })
    })
    .await
}

fn outbox(house: &TestHouse) -> &Outbox {
    house.market.outbox.as_ref().expect("an outbox")
}

async fn endpoint(house: &TestHouse, url: &str, events: &[&str]) -> EndpointId {
    let events = events.iter().map(|event| (*event).to_owned()).collect();
    let new = NewEndpoint { url: url.into(), description: String::new(), events };
    outbox(house).endpoints.create(new).await.expect("an endpoint").0.id
}

async fn paid(house: &TestHouse, handle: &str) -> OrderView {
    let (_, variant) = house.product(handle, 1_000, 5).await;
    let order = house.place(house.cart(&[(variant, 1)]).await, "key").await.expect("placed");
    let card = PaymentMethod::SandboxCard { token: "tok_ok".into() };
    house.market.payments.confirm(order.payment.id, &with_key(&order), card).await.expect("paid");
    order
}

async fn nothing_waits(house: &TestHouse) {
    eventually("all is relayed and told", || async {
        let pending = house.orders.backlog().await.expect("backlog").pending;
        house.orders.unrelayed(10).await.expect("unrelayed").is_empty() && pending == 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_order_is_told_once_to_each_consumer_that_wants_it_and_in_order() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let house = open(folder.path(), &world, &[10]).await;
    endpoint(&house, BOOKS, &[]).await;
    endpoint(&house, "https://stock.example", &["order.confirmed"]).await;
    let idle = endpoint(&house, "https://idle.example", &[]).await;
    let off = EndpointChange { enabled: Some(false), ..EndpointChange::default() };
    outbox(&house).endpoints.update(idle, off).await.expect("disabled");
    let orders = [paid(&house, "pot").await, paid(&house, "cup").await, paid(&house, "pan").await];
    nothing_waits(&house).await;
    let ids: Vec<String> = orders.iter().map(|order| order.id.to_string()).collect();
    for id in &ids {
        let of = |by: &str| -> Vec<String> {
            world.heard(by).into_iter().filter(|heard| heard.order == *id).map(|heard| heard.kind).collect()
        };
        assert_eq!(of(BOOKS), ["order.placed", "order.confirmed"]);
        assert_eq!(of("https://stock.example"), ["order.confirmed"]);
        assert_eq!(of("mail"), ["order.confirmed"]);
    }
    assert_eq!(world.heard("https://idle.example"), []);
    let mut names: Vec<String> = world.heard.lock().unwrap().iter().map(|heard| heard.id.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3 * 4, "each delivery has a name of its own");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carts_and_other_kinds_leave_the_relay_no_work() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody relays here, so whatever asks for it stays.
    let house = TestHouse::open(folder.path(), LONG).await;
    let order = paid(&house, "pot").await;
    let waiting = house.orders.unrelayed(100).await.expect("unrelayed");
    assert_eq!(waiting.iter().map(|it| it.entity.to_string()).collect::<Vec<_>>(), [order.id.to_string()]);
    let stores = [Arc::clone(&house.stores.products) as Arc<dyn Journal>, Arc::clone(&house.stores.payments) as _];
    for store in stores {
        assert_eq!(store.unrelayed(100).await.expect("unrelayed"), []);
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_under_the_same_name_and_keeps_its_place() {
    let script = [Reply::NoAnswer, Reply::Status(500), Reply::Status(302)];
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&script));
    let house = open(folder.path(), &world, &[10, 10, 10]).await;
    endpoint(&house, BOOKS, &[]).await;
    paid(&house, "pot").await;
    nothing_waits(&house).await;
    let kinds = world.kinds(BOOKS);
    assert_eq!(kinds[..4], ["order.placed"; 4], "the next event waits for the one before it");
    assert_eq!(kinds[4..], ["order.confirmed"]);
    let ids: Vec<String> = world.heard(BOOKS).into_iter().map(|heard| heard.id).collect();
    assert!(ids[..4].iter().all(|id| *id == ids[0]) && ids[4] != ids[0], "{ids:?}");
    assert_eq!(world.kinds("mail"), ["order.confirmed"], "another consumer is not held up");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_is_parked_lets_the_next_go_and_can_be_sent_again() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[Reply::Status(500), Reply::Status(500)]));
    let house = open(folder.path(), &world, &[10]).await;
    let id = endpoint(&house, BOOKS, &[]).await;
    paid(&house, "pot").await;
    nothing_waits(&house).await;
    assert_eq!(world.kinds(BOOKS), ["order.placed", "order.placed", "order.confirmed"]);
    let (log, _) = outbox(&house).deliveries(id, None, 10).await.expect("log");
    let parked = &log[1];
    assert_eq!((parked.standing, parked.attempts, parked.last_status), (Standing::Parked, 2, Some(500)));
    assert_eq!(log[0].standing, Standing::Delivered);
    eventually("the board counts it", || async { outbox(&house).backlog().parked == 1 }).await;

    outbox(&house).resend(parked.id).await.expect("resend");
    nothing_waits(&house).await;
    let last = world.heard(BOOKS).pop().unwrap();
    assert_eq!((last.kind.as_str(), last.id), ("order.placed", parked.id.to_string()));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_between_sending_and_marking_sends_again_under_the_same_name() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[Reply::NeverReturns]));
    let house = open(folder.path(), &world, &[10]).await;
    endpoint(&house, BOOKS, &["order.confirmed"]).await;
    paid(&house, "pot").await;
    eventually("it is sent", || async { world.heard(BOOKS).len() == 1 }).await;
    house.close().await;

    let house = open(folder.path(), &world, &[10]).await;
    nothing_waits(&house).await;
    let heard = world.heard(BOOKS);
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0], heard[1]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_while_nobody_relayed_is_told_after_the_next_start() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let house = open(folder.path(), &world, &[10]).await;
    endpoint(&house, BOOKS, &[]).await;
    house.close().await;
    let house = TestHouse::open(folder.path(), LONG).await;
    let mut orders = Vec::new();
    for number in 0..5 {
        orders.push(paid(&house, &format!("pot-{number}")).await.id.to_string());
    }
    house.close().await;
    assert_eq!(world.heard(BOOKS), []);

    let house = open(folder.path(), &world, &[10]).await;
    nothing_waits(&house).await;
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for heard in world.heard(BOOKS) {
        told.entry(heard.order).or_default().push(heard.kind);
    }
    assert_eq!(told.keys().cloned().collect::<Vec<_>>(), orders);
    assert!(told.values().all(|kinds| kinds == &["order.placed", "order.confirmed"]), "{told:?}");
    assert_eq!(world.heard("mail").len(), 5);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_sent_nothing_any_more() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[Reply::Status(410)]));
    let house = open(folder.path(), &world, &[10]).await;
    let id = endpoint(&house, BOOKS, &["order.confirmed"]).await;
    paid(&house, "pot").await;
    eventually("it is disabled", || async {
        outbox(&house).endpoints.get(id).await.unwrap().disabled_because.is_some()
    })
    .await;
    paid(&house, "cup").await;
    nothing_waits(&house).await;
    assert_eq!(world.heard(BOOKS).len(), 1);

    let on = EndpointChange { enabled: Some(true), ..EndpointChange::default() };
    outbox(&house).endpoints.update(id, on).await.expect("enabled");
    paid(&house, "pan").await;
    nothing_waits(&house).await;
    assert_eq!(world.heard(BOOKS).len(), 2, "once it is enabled it is told of what happens then");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_told_by_its_reason_once_it_is_final_and_late_money_by_its_refund() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let house = open(folder.path(), &world, &[10]).await;
    endpoint(&house, BOOKS, &[]).await;
    let (_, variant) = house.product("pot", 1_000, 5).await;
    let order = house.place(house.cart(&[(variant, 1)]).await, "key").await.expect("placed");
    house.market.orders.cancel(order.id, &with_key(&order)).await.expect("cancelled");
    nothing_waits(&house).await;
    assert_eq!(world.kinds(BOOKS), ["order.placed", "order.cancelled"]);
    assert_eq!(world.kinds("mail"), ["order.cancelled"]);

    // An expired order whose money came afterwards, as its journal has it.
    let golden = include_str!("../../domain/golden/order.jsonl");
    let event = |tag: &str| golden.lines().find(|line| line.contains(tag)).expect("a golden event").to_owned();
    let tags = ["placed.v1", "stock_held.v1", "payment_opened.v1", "\"expired\"", "payment_voided.v1"];
    let (first, rest) = (tags.map(event), ["stock_released.v1", "settled.v1", "paid_too_late.v1", "refunded.v1"]);
    let entity = EntityId::new("ord_00000000000000000000000007");
    let commit = |predecessor: u64, events: Vec<String>| Commit {
        entity: entity.clone(),
        predecessor,
        commit_id: Uuid::new_v4(),
        at: Timestamp::from_millis(1_700_000_000_000),
        events,
        snapshot: None,
        due_at: None,
        relay: Relay::Consumers,
        rows: vec![],
    };
    house.orders.append(commit(0, first.to_vec())).await.expect("append");
    nothing_waits(&house).await;
    let of_golden = |by: &str| -> Vec<String> {
        world.heard(by).into_iter().filter(|heard| heard.order == entity.as_str()).map(|heard| heard.kind).collect()
    };
    assert_eq!(of_golden(BOOKS), ["order.placed"], "an end that is only begun is not told");
    house.orders.append(commit(5, rest.map(event).to_vec())).await.expect("append");
    nothing_waits(&house).await;
    assert_eq!(of_golden(BOOKS), ["order.placed", "order.expired", "order.refunded"]);
    assert_eq!(of_golden("mail"), ["order.expired", "order.refunded"]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_secret_signs_beside_the_new_one_and_each_is_shown_once() {
    let (folder, world) = (tempfile::tempdir().unwrap(), World::with(&[]));
    let house = open(folder.path(), &world, &[10]).await;
    let endpoints = &outbox(&house).endpoints;
    let new = NewEndpoint { url: BOOKS.into(), description: String::new(), events: vec![] };
    let (record, first) = endpoints.create(new).await.expect("an endpoint");
    let (record, second) = endpoints.rotate(record.id).await.expect("rotated");
    let secrets: Vec<&str> = record.secrets.iter().map(|secret| secret.secret.as_str()).collect();
    assert_eq!(secrets, [second.as_str(), first.as_str()]);
    assert!(first != second && record.secrets[0].ends_at.is_none() && record.secrets[1].ends_at.is_some());
    for _ in 0..5 {
        endpoints.rotate(record.id).await.expect("rotated");
    }
    assert_eq!(endpoints.get(record.id).await.unwrap().secrets.len(), 3, "there is a bound");
    house.close().await;
}
