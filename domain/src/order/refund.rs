//! Giving money back: what staff ask for, and what the shop owes by itself when money came after the end.
//!
//! The journal that takes a request is the record of its key, refusals included: the same key finds the same
//! answer, before and after a crash.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::OrderRefusal;
use super::event::OrderEvent;
use super::state::{Order, Stage};
use crate::id::RefundId;
use crate::time::Timestamp;

/// How many requests an order remembers, refused ones too; it takes no more.
pub const MAX_REQUESTS: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// The provider knows the refund by it, so it happens once however often it is asked for.
    pub id: RefundId,
    pub key: String,
    /// A digest of the request: the same key with another one is refused.
    pub fingerprint: String,
    /// Minor units.
    pub amount: i64,
    pub reason: String,
    /// Who of the staff asked; `shop` for what the shop owes by itself.
    pub requested_by: String,
    pub requested_at: Timestamp,
}

/// What staff ask for. Without an amount: all that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskRefund {
    pub id: RefundId,
    pub key: String,
    pub fingerprint: String,
    pub amount: Option<i64>,
    pub reason: String,
    pub requested_by: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub request: RefundRequest,
    pub outcome: RefundOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundOutcome {
    /// The order's process carries it out.
    Running,
    Done,
    /// The provider will not do it, now or later.
    Failed {
        reason: String,
    },
    /// More than there was to give back.
    TooLarge {
        refundable: i64,
    },
}

impl Order {
    /// Minor units that were captured, are not given back, and are not promised to a refund that runs.
    pub fn refundable(&self) -> i64 {
        let running = self.refunds.iter().filter(|refund| refund.outcome == RefundOutcome::Running);
        self.captured - self.refunded - running.map(|refund| refund.request.amount).sum::<i64>()
    }

    pub fn refund_by_key(&self, key: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.request.key == key)
    }

    pub(super) fn decide_refund(&self, ask: &AskRefund, now: Timestamp) -> Result<Vec<OrderEvent>, OrderRefusal> {
        let AskRefund { id, key, fingerprint, amount, reason, requested_by } = ask.clone();
        match self.refund_by_key(&key) {
            Some(known) if known.request.fingerprint == fingerprint => return Ok(vec![]),
            Some(_) => return Err(OrderRefusal::KeyReused),
            None if self.refunds.len() >= MAX_REQUESTS => return Err(OrderRefusal::TooManyRefunds),
            None => {}
        }
        let refundable = self.refundable();
        let amount = amount.unwrap_or(refundable);
        let request = RefundRequest { id, key, fingerprint, amount, reason, requested_by, requested_at: now };
        Ok(vec![if (1..=refundable).contains(&amount) {
            OrderEvent::RefundRequested { request }
        } else {
            OrderEvent::RefundRefused { request, refundable }
        }])
    }

    /// Money that came although the order had ended is owed by the shop itself.
    pub(super) fn paid_too_late(&self, amount: i64, now: Timestamp) -> Vec<OrderEvent> {
        let mut events = vec![OrderEvent::PaidTooLate { amount }];
        if let Some(id) = self.late_refund_id() {
            let request = RefundRequest {
                id,
                key: id.to_string(),
                fingerprint: String::new(),
                amount,
                reason: "the payment arrived after the order had ended".to_owned(),
                requested_by: "shop".to_owned(),
                requested_at: now,
            };
            events.push(OrderEvent::RefundRequested { request });
        }
        events
    }

    /// The refund to be carried out now: the oldest that runs, or what older journals owe without a request.
    pub(super) fn next_refund(&self) -> Option<(RefundId, i64)> {
        if self.stage != Stage::Settled {
            return None;
        }
        let running = self.refunds.iter().find(|refund| refund.outcome == RefundOutcome::Running);
        match running {
            Some(refund) => Some((refund.request.id, refund.request.amount)),
            None if self.ending.is_some() && self.refunds.is_empty() && self.refundable() > 0 => {
                self.late_refund_id().map(|id| (id, self.refundable()))
            }
            None => None,
        }
    }

    pub(super) fn refund_ended(&self, id: RefundId, event: OrderEvent) -> Vec<OrderEvent> {
        if self.next_refund().is_some_and(|(next, _)| next == id) { vec![event] } else { vec![] }
    }

    pub(super) fn end_refund(&mut self, id: Option<RefundId>, outcome: RefundOutcome) {
        let ended = self.refunds.iter_mut().find(|refund| Some(refund.request.id) == id);
        if let Some(refund) = ended {
            refund.outcome = outcome;
        }
    }

    /// One order has one such refund, so its name follows from the order's.
    fn late_refund_id(&self) -> Option<RefundId> {
        let order = self.placement.as_ref()?.id;
        Some(RefundId::from_uuid(Uuid::new_v5(&order.uuid(), b"paid too late")))
    }
}
