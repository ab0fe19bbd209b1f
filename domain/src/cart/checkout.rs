//! How a cart's order starts and ends. The journal that accepts an idempotency key is its record:
//! the same key finds the same order or the same refusal, before and after a crash.

use super::command::{CartRefusal, CheckoutAnswer, CheckoutOutcome, PriceChange, StartCheckout};
use super::event::CartEvent;
use super::state::{Cart, CartLine, KeyOutcome};
use crate::id::OrderId;

pub(super) fn decide_start(cart: &Cart, start: &StartCheckout) -> Result<Vec<CartEvent>, CartRefusal> {
    if cart.id.is_none() {
        return Err(CartRefusal::NotFound);
    }
    if let Some(record) = cart.key(&start.key) {
        return if record.fingerprint == start.fingerprint { Ok(vec![]) } else { Err(CartRefusal::KeyReused) };
    }
    // Another key while an order is open: not remembered, because it is no final answer.
    if let Some(order_id) = cart.open_order() {
        return Err(CartRefusal::InCheckout { order_id });
    }
    if cart.version != start.seen_version {
        return Err(CartRefusal::ChangedMeanwhile);
    }
    let StartCheckout { order_id, key, fingerprint, .. } = start;
    let (key, fingerprint) = (key.clone(), fingerprint.clone());
    match refusal(cart, start) {
        None => {
            // What discounts and shipping look at may have changed without changing the total.
            let mut events = renewed_lines(cart, start);
            events.push(CartEvent::CheckoutStarted {
                order_id: *order_id,
                key,
                fingerprint,
                at: Some(start.priced_at),
            });
            Ok(events)
        }
        Some(refusal) => {
            let mut events = shown_anew(cart, start);
            events.push(CartEvent::CheckoutRefused { key, fingerprint, refusal });
            Ok(events)
        }
    }
}

fn refusal(cart: &Cart, start: &StartCheckout) -> Option<CartRefusal> {
    if cart.completed {
        return Some(CartRefusal::Completed);
    }
    if cart.lines.is_empty() {
        return Some(CartRefusal::Empty);
    }
    let fields = missing_fields(cart);
    if !fields.is_empty() {
        return Some(CartRefusal::Incomplete { fields });
    }
    let gone: Vec<_> = cart
        .lines
        .iter()
        .map(|line| line.variant_id)
        .filter(|id| start.offers.iter().all(|o| o.variant_id != *id))
        .collect();
    if !gone.is_empty() {
        return Some(CartRefusal::NotOnSale { variant_ids: gone });
    }
    let items: Vec<PriceChange> = repriced(cart, start)
        .map(|(line, new)| PriceChange { variant_id: line.variant_id, old: line.unit_price, new })
        .collect();
    let unexpected = start.expected_total.is_some_and(|expected| expected != start.total);
    // Such as a discount that ended since: refused once, and shown from then on.
    let unexpected = unexpected || start.shown_total != start.total;
    (unexpected || !items.is_empty()).then_some(CartRefusal::PriceChanged { items, total: start.total })
}

fn missing_fields(cart: &Cart) -> Vec<String> {
    let needed = [
        ("email", cart.email.is_some()),
        ("shipping_address", cart.shipping_address.is_some()),
        ("shipping_option_id", cart.shipping_option_id.is_some()),
    ];
    needed.into_iter().filter(|(_, there)| !there).map(|(field, _)| field.to_owned()).collect()
}

/// The lines whose price is no longer what they show, with the price now.
fn repriced<'a>(cart: &'a Cart, start: &'a StartCheckout) -> impl Iterator<Item = (&'a CartLine, i64)> {
    cart.lines.iter().filter_map(|line| {
        let offer = start.offers.iter().find(|offer| offer.variant_id == line.variant_id)?;
        (offer.unit_price != line.unit_price).then_some((line, offer.unit_price))
    })
}

/// After a refusal for its price, the cart shows the new one.
fn shown_anew(cart: &Cart, start: &StartCheckout) -> Vec<CartEvent> {
    if cart.completed {
        return vec![];
    }
    let mut events = renewed_lines(cart, start);
    if events.is_empty() && start.shown_total != start.total {
        let (codes, at) = (cart.discount_codes.clone(), start.priced_at);
        events.push(CartEvent::DiscountCodesSet { codes, at });
    }
    events
}

/// The lines that are not like their offers any more, as they are now.
fn renewed_lines(cart: &Cart, start: &StartCheckout) -> Vec<CartEvent> {
    let renewed = cart.lines.iter().filter_map(|line| {
        let offer = start.offers.iter().find(|offer| offer.variant_id == line.variant_id)?;
        let renewed = CartLine { title: line.title.clone(), ..(offer, line.quantity).into() };
        (renewed != *line).then_some(CartEvent::LineSet { line: renewed, at: Some(start.priced_at) })
    });
    renewed.collect()
}

pub(super) fn decide_placed(cart: &Cart, order_id: OrderId) -> Vec<CartEvent> {
    if cart.order_to_place == Some(order_id) { vec![CartEvent::OrderPlaced { order_id }] } else { vec![] }
}

pub(super) fn decide_end(
    cart: &Cart,
    order_id: OrderId,
    outcome: CheckoutOutcome,
) -> Result<Vec<CartEvent>, CartRefusal> {
    if cart.id.is_none() {
        return Err(CartRefusal::NotFound);
    }
    // An order that the cart does not wait for has told its end before.
    if cart.open_order() != Some(order_id) {
        return Ok(vec![]);
    }
    Ok(vec![match outcome {
        CheckoutOutcome::Completed => CartEvent::Completed { order_id },
        CheckoutOutcome::Reopened => CartEvent::Reopened { order_id },
    }])
}

pub(super) fn answer(cart: &Cart, start: &StartCheckout) -> CheckoutAnswer {
    let outcome = match cart.key(&start.key).map(|record| &record.outcome) {
        Some(KeyOutcome::Order(order_id)) => Ok(*order_id),
        Some(KeyOutcome::Refused(refusal)) => Err(refusal.clone()),
        None => Err(CartRefusal::NotFound),
    };
    CheckoutAnswer { outcome, cart: cart.clone() }
}
