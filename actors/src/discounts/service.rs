//! The calls on limited discounts. Each may be sent twice without harm.

use std::sync::Arc;

use souk_domain::discount::command::{ClaimRequest, DiscountCommand, DiscountRefusal};
use souk_domain::id::{DiscountId, OrderId};
use souk_domain::time::Timestamp;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::ClaimState;
use souk_persistence::stores::OrderStore;

use super::entity::DiscountEntity;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};

#[derive(Clone)]
pub struct Discounts {
    pub directory: Directory<DiscountEntity>,
    pub store: Arc<dyn OrderStore>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    Claimed,
    /// No use is left, in all or for this customer.
    UsedUp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redemption {
    Redeemed,
    NoClaim,
}

impl Discounts {
    /// Takes one use for an order.
    ///
    /// # Errors
    /// Why it could not be asked; then nobody knows whether the use is taken.
    pub async fn claim(
        &self,
        request: &ClaimRequest,
        order: OrderId,
        not_after: Timestamp,
    ) -> Result<Claimed, Unavailable> {
        let id = EntityId::new(request.discount_id);
        let command = DiscountCommand::Claim { order, request: request.clone(), not_after };
        match self.directory.call_internal(&id, command).await {
            Ok(()) => Ok(Claimed::Claimed),
            Err(CallError::Refused(DiscountRefusal::TooManyClaims)) => Err(Unavailable::Busy),
            Err(CallError::Refused(
                DiscountRefusal::UsedUp | DiscountRefusal::ClaimTooLate | DiscountRefusal::ClaimUnknown,
            )) => Ok(Claimed::UsedUp),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }

    /// Gives an order's use back.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn release(&self, id: DiscountId, order: OrderId, not_after: Timestamp) -> Result<(), Unavailable> {
        let command = DiscountCommand::Release { order, not_after };
        match self.directory.call_internal(&EntityId::new(id), command).await {
            Ok(()) | Err(CallError::Refused(_)) => Ok(()),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }

    /// Makes an order's use final. A claim that the discount no longer has in memory is looked up in the
    /// store before it is called unknown.
    ///
    /// # Errors
    /// Why it could not be asked.
    pub async fn redeem(&self, id: DiscountId, order: OrderId) -> Result<Redemption, Unavailable> {
        match self.directory.call_internal(&EntityId::new(id), DiscountCommand::Redeem { order }).await {
            Ok(()) => Ok(Redemption::Redeemed),
            Err(CallError::Refused(_)) => {
                let claim = self.store.discount_claim(id, order).await.map_err(|_| Unavailable::Store)?;
                let is_redeemed = claim.is_some_and(|claim| claim.state == ClaimState::Redeemed);
                Ok(if is_redeemed { Redemption::Redeemed } else { Redemption::NoClaim })
            }
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }
}
