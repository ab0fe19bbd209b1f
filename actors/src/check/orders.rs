//! Rules 2 and 6: goods and money go together, totals add up.

use souk_domain::cart::state::Cart;
use souk_domain::order;
use souk_domain::order::state::{Order, Placement, Stage};
use souk_domain::payment;
use souk_domain::payment::state::Payment;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::HoldState;

use super::Checked;
use super::discounts::check_claims;
use super::replay::{Replayed, load, replay};
use super::report::Report;
use crate::marketplace::Stores;

pub async fn check(checked: &Checked<'_>, id: &EntityId, report: &mut Report) -> Result<(), StoreError> {
    match replay::<Order>(&*checked.stores.orders, id, report, |_, _, _, _| {}).await? {
        Some(order) => check_order(checked.stores, &order, report).await,
        None => Ok(()),
    }
}

async fn check_order(stores: &Stores, order: &Replayed<Order>, report: &mut Report) -> Result<(), StoreError> {
    let Replayed { id, state, .. } = order;
    report.rule(id, "totals add up and money fits the outcome", state.check());
    let Some(placement) = &state.placement else { return Ok(()) };
    let payment: Payment = load(&*stores.payments, &EntityId::new(placement.payment_id)).await?;
    if state.is_settled() && !agree(state, &payment) {
        let detail = format!(
            "order {} captured, {} refunded; payment {} captured, {} refunded",
            state.captured, state.refunded, payment.captured, payment.refunded
        );
        report.violated(id, "order and payment agree", detail);
    }
    check_holds(stores, id, state, placement, report).await?;
    check_claims(stores, id, state, placement, report).await?;
    check_cart(stores, id, state, placement, report).await
}

/// While one of them has something to do (a refund, late money), the payment may be ahead: the order learns last.
fn agree(order: &Order, payment: &Payment) -> bool {
    let under_way = order::process::next_step(order).is_some() || payment::process::next_step(payment).is_some();
    let is_ahead = payment.captured >= order.captured && payment.refunded >= order.refunded;
    (payment.captured, payment.refunded) == (order.captured, order.refunded) || (under_way && is_ahead)
}

async fn check_holds(
    stores: &Stores,
    id: &EntityId,
    order: &Order,
    placement: &Placement,
    report: &mut Report,
) -> Result<(), StoreError> {
    let wanted = match (order.stage, &order.ending) {
        (Stage::Sold, _) | (Stage::Settled, None) => HoldState::Sold,
        (Stage::Released | Stage::Settled, Some(_)) => HoldState::Released,
        _ => return Ok(()),
    };
    for product in order.products() {
        let state = stores.products.hold(product, placement.id).await?.map(|hold| hold.state);
        // An order that was refused has no hold in the products that had too little.
        let fits = state == Some(wanted) || (state.is_none() && wanted == HoldState::Released);
        if !fits {
            report.violated(id, "stock follows its order", format!("{product} has {state:?}, expected {wanted:?}"));
        }
    }
    Ok(())
}

async fn check_cart(
    stores: &Stores,
    id: &EntityId,
    order: &Order,
    placement: &Placement,
    report: &mut Report,
) -> Result<(), StoreError> {
    if !order.is_settled() {
        return Ok(());
    }
    let cart: Cart = load(&*stores.orders, &EntityId::new(placement.cart_id)).await?;
    if cart.open_order() == Some(placement.id) {
        report.violated(id, "a settled order frees its cart", format!("{} still waits for it", placement.cart_id));
    }
    Ok(())
}
