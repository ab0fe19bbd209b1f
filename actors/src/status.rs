//! The status board: how every domain is doing, published once a second as a snapshot that reads
//! never compute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use serde::Serialize;
use souk_domain::time::Timestamp;
use souk_persistence::outbox::Backlog;
use tokio::time::Instant;
use utoipa::ToSchema;

use crate::marketplace::{Marketplace, Stores};
use crate::runtime::directory::Vitals;
use crate::topics::hub::Hub;
use crate::topics::topic::Topic;

pub const PUBLISH_EVERY: Duration = Duration::from_secs(1);

/// How the whole is doing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Status {
    /// `ok` while requests are served, `stopping` afterwards.
    pub status: String,
    pub version: String,
    pub uptime_seconds: u64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub services: Services,
    /// Live followers of any topic.
    pub subscriptions: usize,
    /// What is still to be told to the world outside; null where nobody is told.
    #[schema(required)]
    pub outbox: Option<OutboxStatus>,
}

/// Deliveries of mails and webhooks, counted up to 10,000.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct OutboxStatus {
    pub pending: u64,
    /// Given up: somebody should look.
    pub parked: u64,
    /// How long the oldest pending one has waited.
    pub oldest_seconds: u64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Services {
    pub products: ServiceStatus,
    pub accounts: ServiceStatus,
    pub orders: ServiceStatus,
    pub payments: ServiceStatus,
    pub chat: ServiceStatus,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceStatus {
    pub status: String,
    /// The engine that keeps it.
    pub store: String,
    /// Entities in memory.
    pub entities_alive: usize,
    /// Calls that wait in mailboxes or for a flush.
    pub mailbox_depth: u64,
    /// Restarts after a crash since the start.
    pub restarts: u64,
}

/// The newest snapshot. Cheap to read.
pub struct Board {
    snapshot: ArcSwap<(Status, Bytes)>,
    seq: AtomicU64,
    started: Instant,
}

impl Board {
    pub fn new(at: Timestamp, stores: &Stores) -> Self {
        let Stores { products, accounts, orders, payments, chat } = stores;
        let services = Services {
            products: service(products.engine(), &[]),
            accounts: service(accounts.engine(), &[]),
            orders: service(orders.engine(), &[]),
            payments: service(payments.engine(), &[]),
            chat: service(chat.engine(), &[]),
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let status = Status {
            status: "starting".into(),
            version,
            uptime_seconds: 0,
            at,
            services,
            subscriptions: 0,
            outbox: None,
        };
        let body = body_of(&status);
        Self { snapshot: ArcSwap::from_pointee((status, body)), seq: AtomicU64::new(0), started: Instant::now() }
    }

    pub fn seq(&self) -> u64 {
        self.seq.load(Ordering::Acquire)
    }

    /// The body of `GET /api/status`.
    pub fn body(&self) -> Bytes {
        self.snapshot.load().1.clone()
    }

    pub fn status(&self) -> Status {
        self.snapshot.load().0.clone()
    }

    fn publish(&self, status: Status, hub: &Hub) {
        let body = body_of(&status);
        self.snapshot.store(std::sync::Arc::new((status, body.clone())));
        let seq = self.seq.fetch_add(1, Ordering::AcqRel) + 1;
        hub.publish_state(Topic::Status, seq, &body);
    }
}

fn body_of(status: &Status) -> Bytes {
    serde_json::to_vec(status).expect("a status serialises to JSON").into()
}

impl Marketplace {
    /// Takes a new snapshot.
    pub fn publish_status(&self, word: &str) {
        let services = Services {
            products: service(self.products.store.engine(), &[self.products.directory.vitals()]),
            accounts: service(self.accounts.store.engine(), &[]),
            orders: service(
                self.orders.store.engine(),
                &[self.carts.directory.vitals(), self.orders.directory.vitals(), self.discounts.directory.vitals()],
            ),
            payments: service(self.payments.store.engine(), &[self.payments.directory.vitals()]),
            chat: service(self.rooms.store.engine(), &[self.rooms.directory.vitals()]),
        };
        let status = Status {
            status: word.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            uptime_seconds: self.board.started.elapsed().as_secs(),
            at: self.clock.now(),
            services,
            subscriptions: self.hub.subscriptions(),
            outbox: self.outbox.as_ref().map(|outbox| outbox_status(outbox.backlog(), self.clock.now())),
        };
        self.board.publish(status, &self.hub);
    }
}

fn outbox_status(backlog: Backlog, now: Timestamp) -> OutboxStatus {
    let Backlog { pending, parked, oldest } = backlog;
    OutboxStatus { pending, parked, oldest_seconds: oldest.map_or(0, |oldest| now.since(oldest).as_secs()) }
}

fn service(engine: &str, kinds: &[Vitals]) -> ServiceStatus {
    ServiceStatus {
        status: "ok".into(),
        store: engine.into(),
        entities_alive: kinds.iter().map(|kind| kind.alive).sum(),
        mailbox_depth: kinds.iter().map(|kind| kind.waiting).sum(),
        restarts: kinds.iter().map(|kind| kind.restarts).sum(),
    }
}
