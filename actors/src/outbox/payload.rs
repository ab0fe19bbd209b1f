//! What a webhook says: thin, and without personal data. Whoever wants more asks the API.

use serde::Serialize;
use souk_domain::id::OrderId;
use souk_domain::money::Money;
use souk_domain::order::notice::{Moment, Notice};
use souk_domain::order::state::OrderStatus;
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

/// The body of a webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookPayload {
    /// `order.placed`, `order.confirmed`, `order.cancelled`, `order.expired` or `order.refunded`.
    #[serde(rename = "type")]
    #[schema(example = "order.confirmed")]
    pub kind: &'static str,
    /// When it happened. The header `webhook-timestamp` says when it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    pub data: WebhookData,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookData {
    pub order: WebhookOrder,
}

/// The order right after what happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookOrder {
    #[schema(value_type = String)]
    pub id: OrderId,
    pub number: u64,
    pub status: OrderStatus,
    pub total: Money,
    pub captured: Money,
    /// Everything that went back so far.
    pub refunded: Money,
    /// What went back this time; only in `order.refunded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<Money>,
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
}

impl WebhookPayload {
    /// None for an order that was never placed.
    pub fn of(notice: Notice, moment: &Moment, at: Timestamp) -> Option<Self> {
        let order = &moment.order;
        let placement = order.placement.as_ref()?;
        let money = |amount| Money::new(amount, placement.currency);
        let order = WebhookOrder {
            id: placement.id,
            number: placement.number,
            status: order.status(),
            total: money(placement.totals.total),
            captured: money(order.captured),
            refunded: money(order.refunded),
            refund: moment.refund().map(money),
            placed_at: placement.placed_at,
        };
        Some(Self { kind: notice.name(), timestamp: at, data: WebhookData { order } })
    }
}
