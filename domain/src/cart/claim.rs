//! A cart that was filled before its buyer signed in: it becomes the account's, or its lines go to the cart that the
//! account has already.

use super::command::CartRefusal;
use super::event::CartEvent;
use super::state::{Cart, CartLine, MAX_LINES, MAX_QUANTITY};
use crate::id::{AccountId, CartId};
use crate::time::Timestamp;

pub(super) fn decide_claim(cart: &Cart, owner: AccountId) -> Result<Vec<CartEvent>, CartRefusal> {
    if !free_for(cart, owner)? {
        return Ok(vec![]);
    }
    cart.writable()?;
    Ok(vec![CartEvent::Claimed { owner }])
}

pub(super) fn decide_hand_over(cart: &Cart, to: CartId, owner: AccountId) -> Result<Vec<CartEvent>, CartRefusal> {
    free_for(cart, owner)?;
    if cart.handed_to == Some(to) {
        return Ok(vec![]);
    }
    cart.writable()?;
    Ok(vec![CartEvent::HandedOver { to, owner }])
}

/// Quantities add up to the most a line can have, and lines that do not fit stay behind: a merge never fails.
pub(super) fn decide_take_over(
    cart: &Cart,
    from: CartId,
    lines: &[CartLine],
    now: Timestamp,
) -> Result<Vec<CartEvent>, CartRefusal> {
    if cart.taken_from.contains(&from) {
        return Ok(vec![]);
    }
    cart.writable()?;
    let mut free = MAX_LINES.saturating_sub(cart.lines.len());
    let mut events = Vec::with_capacity(lines.len() + 1);
    for line in lines {
        let known = cart.line(line.variant_id);
        if known.is_none() {
            if free == 0 {
                continue;
            }
            free -= 1;
        }
        let quantity = known.map_or(0, |known| known.quantity).saturating_add(line.quantity).min(MAX_QUANTITY);
        // One that is there already keeps what it shows.
        let line = CartLine { quantity, ..known.unwrap_or(line).clone() };
        events.push(CartEvent::LineSet { line, at: Some(now) });
    }
    events.push(CartEvent::TakenOver { from });
    Ok(events)
}

/// Whether it is yet to be claimed; not when it is the account's own already.
fn free_for(cart: &Cart, owner: AccountId) -> Result<bool, CartRefusal> {
    match cart.owner.as_deref().map(str::parse::<AccountId>) {
        Some(Ok(known)) if known == owner => Ok(false),
        Some(Ok(_)) => Err(CartRefusal::NotFound),
        Some(Err(_)) | None => Ok(true),
    }
}
