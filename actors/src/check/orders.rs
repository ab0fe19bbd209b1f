//! Rules 2, 3 and 6: goods and money go together, one key has one order, totals add up.

use souk_domain::cart::state::Cart;
use souk_domain::order::state::{Order, Placement, Stage};
use souk_domain::payment::state::Payment;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::HoldState;

use super::replay::{Replayed, entities, load, replay};
use super::report::Report;
use crate::marketplace::Stores;

pub async fn check(stores: &Stores, report: &mut Report) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = entities(&*stores.orders, "ord", after.as_ref()).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        for id in &page {
            if let Some(order) = replay::<Order>(&*stores.orders, id, report, |_, _, _, _| {}).await? {
                check_order(stores, &order, report).await?;
            }
        }
    }
    check_carts(stores, report).await
}

async fn check_order(stores: &Stores, order: &Replayed<Order>, report: &mut Report) -> Result<(), StoreError> {
    let Replayed { id, state, .. } = order;
    report.rule(id, "totals add up and money fits the outcome", state.check());
    let Some(placement) = &state.placement else { return Ok(()) };
    let payment: Payment = load(&*stores.payments, &EntityId::new(placement.payment_id)).await?;
    if state.is_settled()
        && (payment.captured, payment.refunded) != (state.captured, state.refunded)
        && !late(state, &payment)
    {
        let detail = format!(
            "order {} captured, {} refunded; payment {} captured, {} refunded",
            state.captured, state.refunded, payment.captured, payment.refunded
        );
        report.violated(id, "order and payment agree", detail);
    }
    check_holds(stores, id, state, placement, report).await?;
    check_cart(stores, id, state, placement, report).await
}

/// Money that came after the end is being given back: the order learns of it last.
fn late(order: &Order, payment: &Payment) -> bool {
    order.ending.is_some() && (payment.refunding.is_some() || !payment.order_told || order.refunded < order.captured)
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

async fn check_carts(stores: &Stores, report: &mut Report) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = entities(&*stores.orders, "cart", after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.clone());
        for id in &page {
            let Some(cart) = replay::<Cart>(&*stores.orders, id, report, |_, _, _, _| {}).await? else { continue };
            let mut keys: Vec<&str> = cart.state.keys.iter().map(|record| record.key.as_str()).collect();
            keys.sort_unstable();
            if let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
                report.violated(id, "one key, one outcome", format!("key {:?} is recorded twice", twice[0]));
            }
        }
    }
}
