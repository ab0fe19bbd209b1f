use super::checkout;
use super::claim;
use super::command::{CartAnswer, CartCommand, CartRefusal, CartRequest, CartUpdate, Offer, Requester};
use super::event::CartEvent;
use super::state::{
    Cart, CartLine, KeyOutcome, KeyRecord, MAX_DISCOUNT_CODES, MAX_KEYS, MAX_LINES, MAX_QUANTITY, MAX_TAKEN,
};
use crate::aggregate::Aggregate;
use crate::id::{CartId, OrderId, VariantId};
use crate::money::Currency;
use crate::personal::Personal;
use crate::planted::{self, Bug};
use crate::time::Timestamp;

impl Aggregate for Cart {
    const SNAPSHOT_VERSION: u32 = 3;
    type Command = CartRequest;
    type Event = CartEvent;
    type Refusal = CartRefusal;
    type Answer = CartAnswer;

    fn decide(&self, request: &CartRequest, now: Timestamp) -> Result<Vec<CartEvent>, CartRefusal> {
        self.visible_to(&request.by)?;
        match &request.command {
            CartCommand::Create { id, owner, currency } => self.decide_create(*id, owner.as_ref(), *currency),
            CartCommand::AddLine { offer, quantity } => self.decide_add(offer, *quantity, now),
            CartCommand::SetQuantity { variant_id, quantity } => self.decide_quantity(*variant_id, *quantity, now),
            CartCommand::RemoveLine { variant_id } => self.decide_remove(*variant_id),
            CartCommand::Update(update) => self.decide_update(update, now),
            CartCommand::StartCheckout(start) => checkout::decide_start(self, start),
            CartCommand::Claim { owner } => claim::decide_claim(self, *owner),
            CartCommand::HandOver { to, owner } => claim::decide_hand_over(self, *to, *owner),
            CartCommand::TakeOver { from, lines } => claim::decide_take_over(self, *from, lines, now),
            CartCommand::OrderPlaced { order_id } => Ok(checkout::decide_placed(self, *order_id)),
            CartCommand::EndCheckout { order_id, outcome } => checkout::decide_end(self, *order_id, *outcome),
        }
    }

    fn evolve(&mut self, event: &CartEvent) {
        self.version += 1;
        match event {
            CartEvent::Created { id, owner, currency } => {
                self.id = Some(*id);
                self.owner.clone_from(owner);
                self.currency = Some(*currency);
            }
            CartEvent::LineSet { line, at } => {
                self.shown_at = at.or(self.shown_at);
                match self.lines.iter_mut().find(|known| known.variant_id == line.variant_id) {
                    Some(known) => known.clone_from(line),
                    None => self.lines.push(line.clone()),
                }
            }
            CartEvent::LineRemoved { variant_id } => self.lines.retain(|line| line.variant_id != *variant_id),
            CartEvent::EmailSet { email } => self.email = Some(email.clone()),
            CartEvent::ShippingAddressSet { address } => self.shipping_address = Some(address.clone()),
            CartEvent::ShippingOptionSet { option_id } => self.shipping_option_id.clone_from(option_id),
            CartEvent::DiscountCodesSet { codes, at } => {
                self.discount_codes.clone_from(codes);
                self.shown_at = Some(*at);
            }
            CartEvent::CheckoutStarted { order_id, key, fingerprint, at } => {
                self.checkout_at = *at;
                self.order = Some(*order_id);
                self.order_to_place = Some(*order_id);
                self.remember(key, fingerprint, KeyOutcome::Order(*order_id));
            }
            CartEvent::CheckoutRefused { key, fingerprint, refusal } => {
                self.remember(key, fingerprint, KeyOutcome::Refused(refusal.clone()));
            }
            CartEvent::OrderPlaced { .. } => self.order_to_place = None,
            CartEvent::Reopened { .. } => {
                if planted::is(Bug::KeysForgotten) {
                    self.keys.clear();
                }
                self.order = None;
                self.checkout_at = None;
                self.order_to_place = None;
            }
            CartEvent::Claimed { owner } => self.owner = Some(owner.to_string()),
            CartEvent::HandedOver { to, owner } => {
                self.owner = Some(owner.to_string());
                self.handed_to = Some(*to);
            }
            CartEvent::TakenOver { from } => {
                if self.taken_from.len() >= MAX_TAKEN {
                    self.taken_from.remove(0);
                }
                self.taken_from.push(*from);
            }
            CartEvent::Completed { order_id } => {
                self.order = Some(*order_id);
                self.order_to_place = None;
                self.completed = true;
            }
        }
    }

    fn due_at(&self) -> Option<Timestamp> {
        // Cut off before the order was placed: go on at the next start.
        self.order_to_place.map(|_| Timestamp::from_millis(1))
    }

    fn answer(&self, request: &CartRequest) -> CartAnswer {
        match &request.command {
            CartCommand::StartCheckout(start) => CartAnswer::Checkout(Box::new(checkout::answer(self, start))),
            _ => CartAnswer::Cart(Box::new(self.clone())),
        }
    }
}

impl Cart {
    /// # Errors
    /// `NotFound` for another's cart, as for one that is not there.
    fn visible_to(&self, requester: &Requester) -> Result<(), CartRefusal> {
        match (requester, &self.owner) {
            (Requester::Shop, _) | (_, None) => Ok(()),
            (Requester::Person(person), owner) if person == owner => Ok(()),
            (Requester::Person(_), Some(_)) => Err(CartRefusal::NotFound),
        }
    }

    fn decide_create(
        &self,
        id: CartId,
        owner: Option<&String>,
        currency: Currency,
    ) -> Result<Vec<CartEvent>, CartRefusal> {
        match self.id {
            Some(_) => Err(CartRefusal::AlreadyExists),
            None => Ok(vec![CartEvent::Created { id, owner: owner.cloned(), currency }]),
        }
    }

    fn decide_add(&self, offer: &Offer, quantity: u32, now: Timestamp) -> Result<Vec<CartEvent>, CartRefusal> {
        self.writable()?;
        let known = self.line(offer.variant_id);
        if known.is_none() && self.lines.len() >= MAX_LINES {
            return Err(CartRefusal::TooManyLines);
        }
        let quantity = known.map_or(0, |line| line.quantity).saturating_add(quantity);
        if quantity > MAX_QUANTITY {
            return Err(CartRefusal::QuantityTooLarge);
        }
        Ok(vec![CartEvent::LineSet { line: (offer, quantity).into(), at: Some(now) }])
    }

    fn decide_quantity(
        &self,
        variant_id: VariantId,
        quantity: u32,
        now: Timestamp,
    ) -> Result<Vec<CartEvent>, CartRefusal> {
        self.writable()?;
        let line = self.line(variant_id).ok_or(CartRefusal::LineNotFound)?;
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            return Err(CartRefusal::QuantityTooLarge);
        }
        if line.quantity == quantity {
            return Ok(vec![]);
        }
        Ok(vec![CartEvent::LineSet { line: CartLine { quantity, ..line.clone() }, at: Some(now) }])
    }

    fn decide_remove(&self, variant_id: VariantId) -> Result<Vec<CartEvent>, CartRefusal> {
        self.writable()?;
        self.line(variant_id).ok_or(CartRefusal::LineNotFound)?;
        Ok(vec![CartEvent::LineRemoved { variant_id }])
    }

    fn decide_update(&self, update: &CartUpdate, now: Timestamp) -> Result<Vec<CartEvent>, CartRefusal> {
        self.writable()?;
        let CartUpdate { email, shipping_address, shipping_option_id, shipping_option_ids, discount_codes } = update;
        let mut events = Vec::new();
        if let Some(email) = email.clone().map(|email| Personal::from(email).belonging_to(self.person()))
            && self.email.as_ref() != Some(&email)
        {
            events.push(CartEvent::EmailSet { email });
        }
        if let Some(address) = shipping_address.clone().map(|address| address.belonging_to(self.person()))
            && self.shipping_address.as_ref() != Some(&address)
        {
            events.push(CartEvent::ShippingAddressSet { address });
        }
        let chosen = shipping_option_id.as_ref().or(self.shipping_option_id.as_ref());
        let option_id = match chosen {
            Some(id) if shipping_option_ids.contains(id) => Some(id.clone()),
            Some(_) if shipping_option_id.is_some() => return Err(CartRefusal::ShippingOptionUnknown),
            // The one chosen before does not go to the new address.
            _ => None,
        };
        if option_id != self.shipping_option_id {
            events.push(CartEvent::ShippingOptionSet { option_id });
        }
        if let Some(codes) = discount_codes.as_ref().filter(|codes| **codes != self.discount_codes) {
            if codes.len() > MAX_DISCOUNT_CODES {
                return Err(CartRefusal::TooManyDiscountCodes);
            }
            events.push(CartEvent::DiscountCodesSet { codes: codes.clone(), at: now });
        }
        Ok(events)
    }

    /// Whose data it carries: its owner's, or that of whoever has this very cart.
    fn person(&self) -> String {
        self.owner.clone().unwrap_or_else(|| self.id.map_or_else(String::new, |id| id.to_string()))
    }

    /// # Errors
    /// Why nothing can be changed now.
    pub(super) fn writable(&self) -> Result<(), CartRefusal> {
        match (self.id, self.order, self.completed) {
            _ if self.handed_to.is_some() => Err(CartRefusal::NotFound),
            (None, ..) => Err(CartRefusal::NotFound),
            (_, _, true) => Err(CartRefusal::Completed),
            (_, Some(order_id), false) => Err(CartRefusal::InCheckout { order_id }),
            (_, None, false) => Ok(()),
        }
    }

    fn remember(&mut self, key: &str, fingerprint: &str, outcome: KeyOutcome) {
        if self.keys.len() >= MAX_KEYS {
            self.keys.remove(0);
        }
        self.keys.push(KeyRecord { key: key.to_owned(), fingerprint: fingerprint.to_owned(), outcome });
    }

    /// The order this cart waits for, if any.
    pub fn open_order(&self) -> Option<OrderId> {
        self.order.filter(|_| !self.completed)
    }
}
