//! Limited discounts: no use beyond a limit, and every claim ended as its order did.

use std::collections::BTreeMap;

use souk_domain::discount::event::DiscountEvent;
use souk_domain::discount::state::LimitedDiscount;
use souk_domain::id::OrderId;
use souk_domain::order::state::{Order, Placement, Stage};
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::ClaimState;

use super::Checked;
use super::replay::{Replayed, load, replay};
use super::report::Report;
use crate::marketplace::Stores;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    let mut uses = Uses::default();
    let each = |seq, _at, event: &DiscountEvent, report: &mut Report| uses.count(id, seq, event, report);
    match replay::<LimitedDiscount>(&*checked.stores.orders, id, report, each).await? {
        Some(discount) => check_discount(checked.stores, &discount, report).await,
        None => Ok(()),
    }
}

/// The uses of one discount, counted apart from its own rules: by order, with the customer's digest.
#[derive(Default)]
struct Uses {
    by_order: BTreeMap<OrderId, Option<String>>,
    by_customer: BTreeMap<String, u32>,
}

impl Uses {
    fn count(&mut self, id: &EntityId, seq: u64, event: &DiscountEvent, report: &mut Report) {
        match event {
            DiscountEvent::Claimed { order, request, .. } => {
                let customer = request.customer.as_ref();
                if self.by_order.insert(*order, customer.map(|customer| customer.digest.clone())).is_some() {
                    report.violated(id, "one use for each order", format!("{order} again as {seq}"));
                }
                if request.limit.is_some_and(|limit| self.by_order.len() > limit as usize) {
                    let detail = format!("{} uses with event {seq}", self.by_order.len());
                    report.violated(id, "no use beyond the limit", detail);
                }
                if let Some(customer) = customer {
                    let uses = self.by_customer.entry(customer.digest.clone()).or_default();
                    *uses += 1;
                    if *uses > customer.limit {
                        let detail = format!("{uses} uses with event {seq}");
                        report.violated(id, "no use beyond the limit of a customer", detail);
                    }
                }
            }
            DiscountEvent::Released { order, .. } => {
                if let Some(customer) = self.by_order.remove(order).flatten()
                    && let Some(uses) = self.by_customer.get_mut(&customer)
                {
                    *uses -= 1;
                }
            }
            DiscountEvent::Redeemed { .. } | DiscountEvent::ReleaseNoted { .. } => {}
        }
    }
}

async fn check_discount(
    stores: &Stores,
    discount: &Replayed<LimitedDiscount>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let Replayed { id, state, .. } = discount;
    report.rule(id, "the uses of customers are those of orders", state.check());
    for order in state.claims.keys() {
        let order_state: Order = load(&*stores.orders, &EntityId::new(order)).await?;
        if order_state.placement.is_none() {
            report.violated(id, "a claim belongs to an order", format!("order {order} does not exist"));
        } else if order_state.is_settled() {
            report.violated(id, "a settled order claims nothing", format!("{order} is {:?}", order_state.status()));
        }
    }
    Ok(())
}

/// The claims of one order, once it has told how they end.
pub async fn check_claims(
    stores: &Stores,
    id: &EntityId,
    order: &Order,
    placement: &Placement,
    report: &mut Report,
) -> Result<(), StoreError> {
    let wanted = match (order.stage, &order.ending) {
        (Stage::Sold, _) | (Stage::Settled, None) => ClaimState::Redeemed,
        (Stage::Released | Stage::Settled, Some(_)) => ClaimState::Released,
        _ => return Ok(()),
    };
    for claim in &placement.claims {
        let state = stores.orders.discount_claim(claim.discount_id, placement.id).await?.map(|row| row.state);
        // An order that was refused has no claim of the discounts that were used up.
        let fits = state == Some(wanted) || (state.is_none() && wanted == ClaimState::Released);
        if !fits {
            let detail = format!("{} has {state:?}, expected {wanted:?}", claim.discount_id);
            report.violated(id, "discounts follow their order", detail);
        }
    }
    Ok(())
}
