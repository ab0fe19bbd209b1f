//! Giving money back. The order's journal takes the request, the order's process carries it out; this only starts
//! it and watches.

use std::time::Duration;

use serde::Serialize;
use souk_domain::id::{OrderId, RefundId};
use souk_domain::money::{Currency, Money};
use souk_domain::order::command::{OrderCommand, OrderRefusal};
use souk_domain::order::refund::{AskRefund, Refund, RefundOutcome};
use souk_domain::order::state::Order;
use souk_domain::time::Timestamp;
use souk_persistence::journal::EntityId;
use utoipa::ToSchema;

use super::service::{OrderError, Orders};
use crate::runtime::error::{CallError, Unavailable};

/// How long the answer is waited for; then the caller is told that it is still under way.
const PATIENCE: Duration = Duration::from_secs(8);

/// What staff ask for.
#[derive(Debug, Clone)]
pub struct RefundOrder {
    pub order_id: OrderId,
    pub key: String,
    /// A digest of the request: the same key with another one is refused.
    pub fingerprint: String,
    /// None: all that is left.
    pub amount: Option<Money>,
    pub reason: String,
    pub requested_by: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundError {
    Order(OrderError),
    /// The order is in this currency.
    CurrencyDiffers(Currency),
    TooLarge(Money),
    /// The provider will not give it back.
    Failed(String),
    /// The refund of this key is being carried out.
    InProgress,
}

impl From<OrderError> for RefundError {
    fn from(error: OrderError) -> Self {
        Self::Order(error)
    }
}

/// A refund as staff see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefundView {
    #[schema(value_type = String)]
    pub id: RefundId,
    /// `running`, `done`, `failed` or `refused`.
    pub status: &'static str,
    pub amount: Money,
    pub reason: String,
    pub requested_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// Why the provider did not do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Orders {
    /// Gives back a part of what was paid, or all that is left. The same key has the same answer.
    ///
    /// # Errors
    /// `NotFound`, `KeyReused`, more than is left, what the provider refuses, and `InProgress` for a refund that is
    /// not through yet: ask again with the same key.
    pub async fn refund(&self, request: RefundOrder) -> Result<RefundView, RefundError> {
        let RefundOrder { order_id, key, fingerprint, amount, reason, requested_by } = request;
        let entity = EntityId::new(order_id);
        let currency = |order: &Order, _| order.placement.as_ref().map(|placement| placement.currency);
        let currency = self.directory.read(&entity, currency).await.map_err(CallError::Unavailable)?;
        let currency = currency.ok_or(CallError::Refused(OrderRefusal::NotFound))?;
        if amount.is_some_and(|amount| amount.currency != currency) {
            return Err(RefundError::CurrencyDiffers(currency));
        }
        let id = RefundId::from_uuid(self.chance.sortable());
        let amount = amount.map(|amount| amount.amount);
        let ask = AskRefund { id, key: key.clone(), fingerprint, amount, reason, requested_by };
        let order = self.directory.call(&entity, OrderCommand::Refund(ask)).await?;
        // One that was running before is another caller's to wait for.
        if let Some(refund) = order.refund_by_key(&key)
            && refund.request.id != id
            && refund.outcome == RefundOutcome::Running
        {
            return Err(RefundError::InProgress);
        }
        let ended = move |order: &Order| {
            order.refund_by_key(&key).filter(|refund| refund.outcome != RefundOutcome::Running).cloned()
        };
        match self.directory.watch(&entity, PATIENCE, ended).await {
            Ok(refund) => answer(&refund, currency),
            Err(Unavailable::TimedOut) => Err(RefundError::InProgress),
            Err(cause) => Err(RefundError::Order(cause.into())),
        }
    }

    /// Everything that was asked for, oldest first; an order has a hundred at most.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn refunds(&self, id: OrderId) -> Result<Vec<RefundView>, OrderError> {
        let order = self.directory.read(&EntityId::new(id), |order, _| order.clone()).await?;
        let placement = order.placement.as_ref().ok_or(CallError::Refused(OrderRefusal::NotFound))?;
        Ok(order.refunds.iter().map(|refund| RefundView::of(refund, placement.currency)).collect())
    }
}

fn answer(refund: &Refund, currency: Currency) -> Result<RefundView, RefundError> {
    match &refund.outcome {
        RefundOutcome::Done => Ok(RefundView::of(refund, currency)),
        RefundOutcome::Running => Err(RefundError::InProgress),
        RefundOutcome::Failed { reason } => Err(RefundError::Failed(reason.clone())),
        RefundOutcome::TooLarge { refundable } => Err(RefundError::TooLarge(Money::new(*refundable, currency))),
    }
}

impl RefundView {
    fn of(refund: &Refund, currency: Currency) -> Self {
        let (status, failure) = match &refund.outcome {
            RefundOutcome::Running => ("running", None),
            RefundOutcome::Done => ("done", None),
            RefundOutcome::Failed { reason } => ("failed", Some(reason.clone())),
            RefundOutcome::TooLarge { .. } => ("refused", None),
        };
        Self {
            id: refund.request.id,
            status,
            amount: Money::new(refund.request.amount, currency),
            reason: refund.request.reason.clone(),
            requested_by: refund.request.requested_by.clone(),
            requested_at: refund.request.requested_at,
            failure,
        }
    }
}
