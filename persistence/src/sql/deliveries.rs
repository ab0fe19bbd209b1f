//! The outbox's deliveries and endpoints, as cells and as they are read, for any SQL database.

use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use sqlx::FromRow;

use super::cell::Cell;
use super::records::parse;
use crate::error::StoreError;
use crate::journal::EntityId;
use crate::outbox::{Consumer, Delivery, EndpointRecord, NewDelivery, Outcome, Standing};

#[derive(FromRow)]
pub(crate) struct StoredDelivery {
    position: i64,
    id: String,
    consumer: String,
    endpoint: String,
    entity: String,
    seq: i64,
    kind: String,
    state: String,
    attempts: i64,
    next_at: Option<i64>,
    created_at: i64,
    attempted_at: Option<i64>,
    last_error: Option<String>,
    last_status: Option<i64>,
}

impl StoredDelivery {
    pub(crate) fn decode(self) -> Result<Delivery, StoreError> {
        let Self { position, id, consumer, endpoint, entity, seq, kind, state, attempts, next_at, .. } = self;
        let Self { created_at, attempted_at, last_error, last_status, .. } = self;
        let consumer = match consumer.as_str() {
            "mail" => Consumer::Mail,
            "webhook" => Consumer::Webhook(parse(&endpoint)?),
            other => return Err(StoreError::Damaged(format!("delivery {id} is for {other:?}"))),
        };
        let standing = match (state.as_str(), next_at) {
            ("pending", Some(at)) => Standing::Pending(Timestamp::from_millis(at)),
            ("delivered", None) => Standing::Delivered,
            ("parked", None) => Standing::Parked,
            _ => return Err(StoreError::Damaged(format!("delivery {id} is {state:?}"))),
        };
        Ok(Delivery {
            id: parse(&id)?,
            position,
            consumer,
            entity: EntityId::new(entity),
            seq: seq.cast_unsigned(),
            kind,
            standing,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            created_at: Timestamp::from_millis(created_at),
            attempted_at: attempted_at.map(Timestamp::from_millis),
            last_error,
            last_status: last_status.and_then(|status| u16::try_from(status).ok()),
        })
    }
}

pub(crate) fn consumer_names(consumer: Consumer) -> (&'static str, String) {
    match consumer {
        Consumer::Mail => ("mail", String::new()),
        Consumer::Webhook(endpoint) => ("webhook", endpoint.to_string()),
    }
}

/// id, consumer, endpoint, entity, number, kind, when it was relayed.
pub(crate) fn delivery_cells(delivery: NewDelivery) -> [Cell; 7] {
    let NewDelivery { id, consumer, entity, seq, kind, created_at } = delivery;
    let (consumer, endpoint) = consumer_names(consumer);
    let at = Cell::Integer(created_at.as_millis());
    [text(id), text(consumer), text(endpoint), text(entity), number(seq), text(kind), at]
}

/// entity, number.
pub(crate) fn mark_cells((entity, to): (EntityId, Seq)) -> [Cell; 2] {
    [text(entity), number(to)]
}

fn text(value: impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

fn number(seq: Seq) -> Cell {
    Cell::Integer(i64::try_from(seq).unwrap_or(i64::MAX))
}

/// id, state, when it is sent again, attempts, when it was attempted, error, status.
pub(crate) fn outcome_cells(outcome: Outcome) -> [Cell; 7] {
    let Outcome { id, standing, attempts, attempted_at, error, status } = outcome;
    let (state, next_at) = match standing {
        Standing::Pending(at) => ("pending", Cell::Integer(at.as_millis())),
        Standing::Delivered => ("delivered", Cell::Null),
        Standing::Parked => ("parked", Cell::Null),
    };
    [
        text(id),
        text(state),
        next_at,
        Cell::Integer(attempts.into()),
        Cell::Integer(attempted_at.as_millis()),
        Cell::optional(error),
        status.map_or(Cell::Null, |status| Cell::Integer(status.into())),
    ]
}

/// A row of the endpoints, as it is read and as it is written.
#[derive(Clone, FromRow)]
pub(crate) struct StoredEndpoint {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) url: String,
    pub(crate) description: String,
    pub(crate) events: String,
    pub(crate) secrets: String,
    pub(crate) disabled_because: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) changed_at: i64,
}

impl StoredEndpoint {
    pub(crate) fn decode(self) -> Result<EndpointRecord, StoreError> {
        let Self { id, version, url, description, events, secrets, disabled_because, created_at, changed_at } = self;
        let damaged = |error: serde_json::Error| StoreError::Damaged(format!("endpoint {id}: {error}"));
        Ok(EndpointRecord {
            id: parse(&id)?,
            version: version.cast_unsigned(),
            url,
            description,
            events: serde_json::from_str(&events).map_err(damaged)?,
            secrets: serde_json::from_str(&secrets).map_err(damaged)?,
            disabled_because,
            created_at: Timestamp::from_millis(created_at),
            changed_at: Timestamp::from_millis(changed_at),
        })
    }
    /// # Errors
    /// What is no JSON.
    pub(crate) fn encode(record: EndpointRecord) -> Result<Self, StoreError> {
        let EndpointRecord { id, version, url, description, events, secrets, disabled_because, created_at, changed_at } =
            record;
        let json =
            |error: serde_json::Error| StoreError::Unavailable(format!("an endpoint cannot be written: {error}"));
        Ok(Self {
            id: id.to_string(),
            version: version.cast_signed(),
            url,
            description,
            events: serde_json::to_string(&events).map_err(json)?,
            secrets: serde_json::to_string(&secrets).map_err(json)?,
            disabled_because,
            created_at: created_at.as_millis(),
            changed_at: changed_at.as_millis(),
        })
    }
}
