//! The port of the outbox: what has to be told to the world outside, to whom, and what came of it. It lies beside
//! the journals that it tells of, so that the relay mark and the deliveries are written in one transaction.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use souk_domain::aggregate::Seq;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_domain::time::Timestamp;

use crate::error::StoreError;
use crate::journal::{EntityId, Recorded};
use crate::leases::Holder;

/// Who is told. Each consumer has its own pace and its own troubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consumer {
    Mail,
    Webhook(EndpointId),
}

/// An entity that the relay has not looked at since its newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub entity: EntityId,
    /// The number that the mark can be moved to.
    pub head: Seq,
    /// The events above the mark: number and type tag.
    pub types: Vec<(Seq, String)>,
}

/// A delivery to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    pub id: DeliveryId,
    pub consumer: Consumer,
    pub entity: EntityId,
    /// The event's number in the entity's journal.
    pub seq: Seq,
    /// What is told, such as `order.confirmed`.
    pub kind: String,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: DeliveryId,
    /// Grows with every delivery; the log is paged by it.
    pub position: i64,
    pub consumer: Consumer,
    pub entity: EntityId,
    pub seq: Seq,
    pub kind: String,
    pub standing: Standing,
    pub attempts: u32,
    pub created_at: Timestamp,
    /// The newest attempt.
    pub attempted_at: Option<Timestamp>,
    pub last_error: Option<String>,
    /// An HTTP status or an SMTP code.
    pub last_status: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is sent at this time, or after what stands before it in its line.
    Pending(Timestamp),
    Delivered,
    /// Given up. It can be asked for again.
    Parked,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub id: DeliveryId,
    pub standing: Standing,
    pub attempts: u32,
    pub attempted_at: Timestamp,
    pub error: Option<String>,
    pub status: Option<u16>,
}

/// How much is still to be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Counted up to [`Backlog::MOST`].
    pub pending: u64,
    pub parked: u64,
    /// When the oldest pending one was relayed.
    pub oldest: Option<Timestamp>,
}

impl Backlog {
    /// Nobody needs to know more exactly, and counting costs time.
    pub const MOST: u64 = 10_000;
}

/// A key that signs what is sent to an endpoint.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSecret {
    /// `whsec_` and base64.
    pub secret: String,
    /// None: until it is rotated.
    pub ends_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct EndpointRecord {
    pub id: EndpointId,
    /// 1 for a new one, and one more with each change.
    pub version: u64,
    pub url: String,
    pub description: String,
    /// The kinds that are sent; empty: all.
    pub events: Vec<String>,
    /// The newest first.
    pub secrets: Vec<EndpointSecret>,
    /// None while it is enabled.
    pub disabled_because: Option<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

/// How long settled deliveries are kept: those before these times are forgotten.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    pub delivered_before: Timestamp,
    pub parked_before: Timestamp,
}

#[async_trait]
pub trait OutboxStore: Send + Sync + 'static {
    /// Up to `limit` entities that wait for the relay, the longest waiting first.
    async fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError>;

    /// The whole journals of these entities, archived commits too.
    async fn journals(&self, entities: &[EntityId]) -> Result<Vec<(EntityId, Vec<Recorded>)>, StoreError>;

    /// Writes the deliveries and moves the marks, in one transaction. A delivery that is there already stays as it
    /// is; a mark never moves back nor past its head. A delivery is due at once, or with what stands before it in
    /// its line (the same consumer and entity).
    async fn relay(&self, marks: Vec<(EntityId, Seq)>, deliveries: Vec<NewDelivery>) -> Result<(), StoreError>;

    /// Up to `limit` deliveries of a consumer that are due at `now`: of each entity only the first that is pending.
    async fn due(&self, consumer: Consumer, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError>;

    /// Asked right before a delivery is sent, by a node among others. Whether it may be: it is pending and due, and the
    /// lease is still the holder's on the store's own clock, both in one transaction. It is then not due again before
    /// `until`, for whoever takes over.
    async fn claim(&self, id: DeliveryId, holder: Holder, now: Timestamp, until: Timestamp)
    -> Result<bool, StoreError>;

    /// Writes what came of attempts. What stands behind one that is tried again later waits as long.
    async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), StoreError>;

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// Up to `limit` deliveries to an endpoint with positions below `before`, the newest first.
    async fn log(&self, endpoint: EndpointId, before: Option<i64>, limit: usize) -> Result<Vec<Delivery>, StoreError>;

    /// Makes a delivery pending again, due now, with all its attempts before it; none when there is no such one.
    async fn resend(&self, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>, StoreError>;

    /// Forgets up to `limit` settled deliveries. Returns how many.
    async fn forget(&self, retention: Retention, limit: usize) -> Result<u64, StoreError>;

    async fn backlog(&self) -> Result<Backlog, StoreError>;

    /// All, in the order of their ids.
    async fn endpoints(&self) -> Result<Vec<EndpointRecord>, StoreError>;

    async fn endpoint(&self, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError>;

    /// False when there are `most` already.
    async fn insert_endpoint(&self, record: EndpointRecord, most: usize) -> Result<bool, StoreError>;

    /// Replaces the version before the record's. False when that is not the newest any more.
    async fn replace_endpoint(&self, record: EndpointRecord) -> Result<bool, StoreError>;

    /// With all its deliveries. False when there was none.
    async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError>;
}
