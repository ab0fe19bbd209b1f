use super::command::{ClaimRequest, DiscountCommand, DiscountRefusal};
use super::event::DiscountEvent;
use super::state::{Claim, LimitedDiscount, MAX_CUSTOMERS, MAX_OPEN_CLAIMS, MAX_TOMBSTONES};
use crate::aggregate::Aggregate;
use crate::id::OrderId;
use crate::time::Timestamp;

impl Aggregate for LimitedDiscount {
    const SNAPSHOT_VERSION: u32 = 1;
    type Command = DiscountCommand;
    type Event = DiscountEvent;
    type Refusal = DiscountRefusal;
    type Answer = ();

    fn decide(&self, command: &DiscountCommand, now: Timestamp) -> Result<Vec<DiscountEvent>, DiscountRefusal> {
        match command {
            DiscountCommand::Claim { order, request, not_after } => self.decide_claim(*order, request, *not_after, now),
            DiscountCommand::Release { order, not_after } => Ok(self.decide_release(*order, *not_after, now)),
            DiscountCommand::Redeem { order } => self.decide_redeem(*order, now),
        }
    }

    fn evolve(&mut self, event: &DiscountEvent) {
        match event {
            DiscountEvent::Claimed { order, request, until } => {
                let ClaimRequest { discount_id, code: _, limit: _, customer } = request;
                self.id = Some(*discount_id);
                let customer = customer.as_ref().map(|customer| customer.digest.clone());
                if let Some(customer) = &customer {
                    *self.customers.entry(customer.clone()).or_default() += 1;
                }
                self.claims.insert(*order, Claim { customer, until: *until });
            }
            DiscountEvent::Released { order, at } => {
                if let Some(claim) = self.end(*order, *at)
                    && let Some(customer) = claim.customer
                {
                    self.give_back(&customer);
                }
            }
            DiscountEvent::Redeemed { order, at } => {
                if self.end(*order, *at).is_some() {
                    self.redeemed += 1;
                }
            }
            DiscountEvent::ReleaseNoted { order, at, until } => self.bury(*order, *at, *until),
        }
    }

    fn answer(&self, _command: &DiscountCommand) {}
}

impl LimitedDiscount {
    fn decide_claim(
        &self,
        order: OrderId,
        request: &ClaimRequest,
        not_after: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<DiscountEvent>, DiscountRefusal> {
        if self.claims.contains_key(&order) {
            return Ok(vec![]);
        }
        if now > not_after || self.tombstones.get(&order).is_some_and(|until| now <= *until) {
            return Err(DiscountRefusal::ClaimTooLate);
        }
        if !self.has_left(request) {
            return Err(DiscountRefusal::UsedUp);
        }
        if self.claims.len() >= MAX_OPEN_CLAIMS {
            return Err(DiscountRefusal::TooManyClaims);
        }
        Ok(vec![DiscountEvent::Claimed { order, request: request.clone(), until: not_after }])
    }

    fn has_left(&self, request: &ClaimRequest) -> bool {
        let in_all = request.limit.is_none_or(|limit| self.used() < u64::from(limit));
        let of_customer = request.customer.as_ref().is_none_or(|customer| match self.customers.get(&customer.digest) {
            Some(uses) => *uses < customer.limit,
            None => customer.limit > 0 && self.customers.len() < MAX_CUSTOMERS,
        });
        in_all && of_customer
    }

    fn decide_release(&self, order: OrderId, not_after: Timestamp, now: Timestamp) -> Vec<DiscountEvent> {
        if self.claims.contains_key(&order) {
            return vec![DiscountEvent::Released { order, at: now }];
        }
        // Its claim may still be on the way; once it is too late for that, there is nothing to guard against.
        if now > not_after || self.tombstones.contains_key(&order) {
            return vec![];
        }
        vec![DiscountEvent::ReleaseNoted { order, at: now, until: not_after }]
    }

    fn decide_redeem(&self, order: OrderId, now: Timestamp) -> Result<Vec<DiscountEvent>, DiscountRefusal> {
        match self.claims.contains_key(&order) {
            true => Ok(vec![DiscountEvent::Redeemed { order, at: now }]),
            false => Err(DiscountRefusal::ClaimUnknown),
        }
    }

    fn end(&mut self, order: OrderId, at: Timestamp) -> Option<Claim> {
        let claim = self.claims.remove(&order)?;
        self.bury(order, at, claim.until);
        Some(claim)
    }

    fn give_back(&mut self, customer: &str) {
        let Some(uses) = self.customers.get_mut(customer) else { return };
        *uses -= 1;
        if *uses == 0 {
            self.customers.remove(customer);
        }
    }

    /// Ids of orders grow with time, so the oldest come first and are forgotten first.
    fn bury(&mut self, order: OrderId, at: Timestamp, until: Timestamp) {
        while let Some(oldest) = self.tombstones.first_entry()
            && *oldest.get() < at
        {
            oldest.remove();
        }
        if self.tombstones.len() >= MAX_TOMBSTONES {
            self.tombstones.pop_first();
        }
        self.tombstones.insert(order, until);
    }
}
