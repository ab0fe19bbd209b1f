//! What a payment writes beside its journal, and its process.

use std::sync::{Arc, Weak};

use souk_domain::payment::command::PaymentCommand;
use souk_domain::payment::process::{Step, next_step};
use souk_domain::payment::state::Payment;
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::rows::{PaymentRow, Row};

use super::steps;
use crate::marketplace::Marketplace;
use crate::runtime::entity::{Committed, Entity, StepFailed, StepFuture};

pub struct PaymentEntity {
    pub journal: Arc<dyn Journal>,
    pub market: Weak<Marketplace>,
}

impl Entity for PaymentEntity {
    type Aggregate = Payment;
    type Step = Step;
    const KIND: &'static str = "pay";

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, change: &Committed<'_, Payment>) -> Vec<Row> {
        let Some(opening) = &change.state.opening else { return vec![] };
        vec![Row::Payment(PaymentRow {
            id: opening.id,
            seq: change.seq(),
            order_id: opening.order_id,
            status: change.state.status().to_owned(),
            amount: opening.amount.amount,
            captured: change.state.captured,
            refunded: change.state.refunded,
            currency: opening.amount.currency.to_string(),
            provider_ref: change.state.intent.as_ref().map(|intent| intent.reference.clone()),
        })]
    }

    /// Nobody follows a payment itself: its order tells.
    fn publish(&self, _change: &Committed<'_, Payment>) {}

    fn wake(&self) -> Option<PaymentCommand> {
        Some(PaymentCommand::Refresh)
    }

    fn next_step(&self, payment: &Payment) -> Option<Step> {
        next_step(payment)
    }

    fn perform(self: Arc<Self>, _id: EntityId, payment: Payment, step: Step) -> StepFuture<Self> {
        Box::pin(async move {
            let market = self.market.upgrade().ok_or_else(|| StepFailed("stopping".into()))?;
            steps::perform(&market, &payment, step).await.map(|outcome| vec![PaymentCommand::StepDone(outcome)])
        })
    }
}
