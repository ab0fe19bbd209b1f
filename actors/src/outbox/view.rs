//! What staff see of endpoints and deliveries.

use serde::Serialize;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_domain::time::Timestamp;
use souk_persistence::outbox::{Consumer, Delivery, EndpointRecord, Standing};
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndpointView {
    #[schema(value_type = String)]
    pub id: EndpointId,
    pub url: String,
    pub description: String,
    /// The events that are sent; empty: all.
    pub events: Vec<String>,
    pub enabled: bool,
    #[schema(required)]
    pub disabled_because: Option<String>,
    /// Secrets that sign now: more than one while they are being rotated.
    pub secrets: usize,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Timestamp,
}

impl EndpointView {
    pub fn of(record: EndpointRecord, now: Timestamp) -> Self {
        let EndpointRecord {
            id,
            version: _,
            url,
            description,
            events,
            secrets,
            disabled_because,
            created_at,
            changed_at,
        } = record;
        Self {
            id,
            url,
            description,
            events,
            enabled: disabled_because.is_none(),
            disabled_because,
            secrets: secrets.iter().filter(|secret| secret.ends_at.is_none_or(|end| now < end)).count(),
            created_at,
            changed_at,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Not sent yet, or to be sent again.
    Pending,
    Delivered,
    /// Given up; it can be sent again.
    Parked,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// The header `webhook-id` of every attempt.
    #[schema(value_type = String)]
    pub id: DeliveryId,
    /// None for a mail.
    #[schema(required, value_type = Option<String>)]
    pub endpoint_id: Option<EndpointId>,
    #[schema(example = "order.confirmed")]
    pub event: String,
    pub order_id: String,
    pub status: DeliveryStatus,
    pub attempts: u32,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_attempt_at: Option<Timestamp>,
    #[schema(required)]
    pub last_error: Option<String>,
    /// What the receiver answered to the newest attempt.
    #[schema(required)]
    pub last_status: Option<u16>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl DeliveryView {
    pub fn of(delivery: Delivery) -> Self {
        let Delivery {
            id,
            position: _,
            consumer,
            entity,
            seq: _,
            kind,
            standing,
            attempts,
            created_at,
            attempted_at,
            last_error,
            last_status,
        } = delivery;
        let (status, next_attempt_at) = match standing {
            Standing::Pending(at) => (DeliveryStatus::Pending, Some(at)),
            Standing::Delivered => (DeliveryStatus::Delivered, None),
            Standing::Parked => (DeliveryStatus::Parked, None),
        };
        let endpoint_id = match consumer {
            Consumer::Mail => None,
            Consumer::Webhook(id) => Some(id),
        };
        Self {
            id,
            endpoint_id,
            event: kind,
            order_id: entity.to_string(),
            status,
            attempts,
            next_attempt_at,
            last_attempt_at: attempted_at,
            last_error,
            last_status,
            created_at,
        }
    }
}
