//! What an order writes beside its journal, and what it publishes: each event is an entry of its topic.

use std::sync::{Arc, Weak};

use serde::Serialize;
use souk_domain::order::command::OrderCommand;
use souk_domain::order::event::OrderEvent;
use souk_domain::order::notice::Notice;
use souk_domain::order::process::{Step, next_step};
use souk_domain::order::state::{Order, OrderStatus};
use souk_domain::order::timeline;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{EntityId, Journal, Relay};
use souk_persistence::rows::{OrderRow, Row};
use tokio::sync::Notify;

use super::email_key::EmailKey;
use super::steps;
use crate::marketplace::Marketplace;
use crate::runtime::entity::{Committed, Entity, StepFailed, StepFuture};
use crate::topics::hub::{Hub, entry_frame};
use crate::topics::topic::Topic;

pub struct OrderEntity {
    pub journal: Arc<dyn Journal>,
    pub hub: Hub,
    pub market: Weak<Marketplace>,
    /// Wakes the relay of the outbox.
    pub committed: Arc<Notify>,
    /// By which an order is found by whoever shows that its address is theirs.
    pub email_key: EmailKey,
}

/// An entry of an order's timeline and of its topic.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct TimelineEntry {
    /// What happened, for machines.
    #[serde(rename = "type")]
    pub code: &'static str,
    /// What happened, for people.
    pub title: &'static str,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl TimelineEntry {
    pub fn of(event: &OrderEvent, at: Timestamp) -> Self {
        Self { code: timeline::code(event), title: timeline::title(event), at }
    }
}

impl Entity for OrderEntity {
    type Aggregate = Order;
    type Step = Step;
    const KIND: &'static str = "ord";
    const RELAY: Relay = Relay::Consumers;

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, change: &Committed<'_, Order>) -> Vec<Row> {
        let Some(placement) = &change.state.placement else { return vec![] };
        vec![Row::Order(Box::new(OrderRow {
            id: placement.id,
            seq: change.seq(),
            number: placement.number,
            cart_id: placement.cart_id,
            owner: placement.owner.clone(),
            payment_id: Some(placement.payment_id),
            status: status_name(change.state.status()).to_owned(),
            total: placement.totals.total,
            currency: placement.currency.to_string(),
            items_count: Some(placement.lines.iter().map(|line| line.quantity).sum()),
            email_digest: placement.email.known().map(|email| self.email_key.digest(email)),
            placed_at: placement.placed_at,
        }))]
    }

    fn publish(&self, change: &Committed<'_, Order>) {
        let Some(placement) = &change.state.placement else { return };
        // Only for what is told: the rest waits for the relay's own next look, and shares it.
        if change.events.iter().any(|event| Notice::of(event, change.state).is_some()) {
            self.committed.notify_one();
        }
        let topic = Topic::Order(placement.id);
        if self.hub.has_followers(topic) {
            for (seq, event) in (change.first..).zip(change.events) {
                self.hub.publish_entry(topic, seq, &entry_frame(topic, seq, &TimelineEntry::of(event, change.at)));
            }
        }
    }

    fn wake(&self) -> Option<OrderCommand> {
        Some(OrderCommand::Wake)
    }

    fn next_step(&self, order: &Order) -> Option<Step> {
        next_step(order)
    }

    fn perform(self: Arc<Self>, _id: EntityId, order: Order, step: Step) -> StepFuture<Self> {
        Box::pin(async move {
            let market = self.market.upgrade().ok_or_else(|| StepFailed("stopping".into()))?;
            let placement = order.placement.as_ref().ok_or_else(|| StepFailed("not placed".into()))?;
            let outcomes = steps::perform(&market, placement, step).await?;
            Ok(outcomes.into_iter().map(OrderCommand::StepDone).collect())
        })
    }
}

pub fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::AwaitingPayment => "awaiting_payment",
        OrderStatus::Confirmed => "confirmed",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Expired => "expired",
        OrderStatus::OutOfStock => "out_of_stock",
        OrderStatus::DiscountUsedUp => "discount_used_up",
        OrderStatus::Refunded => "refunded",
    }
}
