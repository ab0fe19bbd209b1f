//! The calls on payments.

use std::sync::Arc;
use std::time::Duration;

use souk_domain::id::PaymentId;
use souk_domain::order::state::{Order, OrderStatus};
use souk_domain::payment::command::{PaymentCommand, PaymentRefusal};
use souk_domain::payment::state::{Payment, PaymentMethod};
use souk_persistence::journal::EntityId;
use souk_persistence::stores::PaymentStore;

use super::entity::PaymentEntity;
use crate::orders::entity::OrderEntity;
use crate::orders::view::PaymentView;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};
use crate::viewer::Viewer;

/// How long a confirmation waits for the provider; then the caller asks again and joins it.
const CONFIRM_PATIENCE: Duration = Duration::from_secs(9);
/// How long a captured payment's answer waits for the order to say so too.
const ORDER_PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct Payments {
    pub directory: Directory<PaymentEntity>,
    pub orders: Directory<OrderEntity>,
    pub store: Arc<dyn PaymentStore>,
}

pub type PaymentError = CallError<PaymentRefusal>;

impl Payments {
    /// A payment for whoever may see its order.
    ///
    /// # Errors
    /// `NotFound` for one that is not there or belongs to somebody else's order.
    pub async fn payment(&self, id: PaymentId, viewer: &Viewer) -> Result<Payment, PaymentError> {
        let not_found = CallError::Refused(PaymentRefusal::NotFound);
        let payment = self.directory.read(&EntityId::new(id), |payment, _| payment.clone()).await?;
        let Some(opening) = &payment.opening else { return Err(not_found) };
        let owner = |order: &Order, _| order.placement.as_ref().map(|p| (p.owner.clone(), p.access_key.clone()));
        match self.orders.read(&EntityId::new(opening.order_id), owner).await? {
            Some((owner, key)) if viewer.may_see(owner.as_deref(), &key) => Ok(payment),
            _ => Err(not_found),
        }
    }

    /// # Errors
    /// As for [`Payments::payment`].
    pub async fn view(&self, id: PaymentId, viewer: &Viewer) -> Result<PaymentView, PaymentError> {
        Ok(PaymentView::of(id, &self.payment(id, viewer).await?))
    }

    /// Pays. Confirming what is captured answers the same and captures nothing; a parallel
    /// confirmation joins the one that runs.
    ///
    /// # Errors
    /// A closed payment, or no answer from the provider in time: ask again.
    pub async fn confirm(
        &self,
        id: PaymentId,
        viewer: &Viewer,
        method: PaymentMethod,
    ) -> Result<PaymentView, PaymentError> {
        self.payment(id, viewer).await?;
        let entity = EntityId::new(id);
        self.directory.call(&entity, PaymentCommand::Confirm { method }).await?;
        let rests = |payment: &Payment| payment.is_at_rest().then(|| payment.clone());
        let payment = self.directory.watch(&entity, CONFIRM_PATIENCE, rests).await?;
        if payment.is_captured() {
            self.wait_for_order(&payment).await;
        }
        Ok(PaymentView::of(id, &payment))
    }

    /// The capture is durable; the order follows by itself. Waiting a moment for it only makes the
    /// buyer's next look find it confirmed.
    async fn wait_for_order(&self, payment: &Payment) {
        let Some(opening) = &payment.opening else { return };
        let confirmed = |order: &Order| (order.status() != OrderStatus::AwaitingPayment).then_some(());
        let waited = self.orders.watch(&EntityId::new(opening.order_id), ORDER_PATIENCE, confirmed).await;
        if let Err(cause) = waited {
            tracing::debug!(order = %opening.order_id, %cause, "answered before the order was confirmed");
        }
    }

    /// Something may have changed at the provider: it is asked. None for an intent that is not ours.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn refresh(&self, provider_ref: &str) -> Result<Option<PaymentId>, Unavailable> {
        let row = self.store.payment_by_provider_ref(provider_ref).await.map_err(|_| Unavailable::Store)?;
        let Some(row) = row else { return Ok(None) };
        match self.directory.call_internal(&EntityId::new(row.id), PaymentCommand::Refresh).await {
            Ok(_) | Err(CallError::Refused(_)) => Ok(Some(row.id)),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }
}
