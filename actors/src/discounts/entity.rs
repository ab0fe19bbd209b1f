//! What a limited discount writes beside its journal. It publishes nothing.

use std::sync::Arc;

use souk_domain::discount::event::DiscountEvent;
use souk_domain::discount::state::LimitedDiscount;
use souk_domain::id::{DiscountId, OrderId};
use souk_persistence::journal::Journal;
use souk_persistence::rows::{ClaimState, DiscountClaimRow, Row};

use crate::runtime::entity::{Committed, Entity};

pub struct DiscountEntity {
    pub journal: Arc<dyn Journal>,
}

impl Entity for DiscountEntity {
    type Aggregate = LimitedDiscount;
    type Step = ();
    const KIND: &'static str = "disc";

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, change: &Committed<'_, LimitedDiscount>) -> Vec<Row> {
        // Named by its first claim; before that there is nothing to settle.
        let Some(id) = change.state.id else { return vec![] };
        change.events.iter().filter_map(|event| event_row(id, event)).collect()
    }

    fn publish(&self, _change: &Committed<'_, LimitedDiscount>) {}
}

fn event_row(discount_id: DiscountId, event: &DiscountEvent) -> Option<Row> {
    let row = |order_id: &OrderId, state| {
        Some(Row::DiscountClaim(DiscountClaimRow { discount_id, order_id: *order_id, state }))
    };
    match event {
        DiscountEvent::Claimed { order, .. } => row(order, ClaimState::Claimed),
        DiscountEvent::Released { order, .. } => row(order, ClaimState::Released),
        DiscountEvent::Redeemed { order, .. } => row(order, ClaimState::Redeemed),
        DiscountEvent::ReleaseNoted { .. } => None,
    }
}
