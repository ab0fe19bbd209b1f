use std::time::Duration;

use super::command::{OrderCommand, OrderRefusal, StepOutcome};
use super::event::OrderEvent;
use super::process::{ending_stage, next_step};
use super::refund::{Refund, RefundOutcome};
use super::state::{Ending, Order, Placement, Stage};
use crate::aggregate::Aggregate;
use crate::id::AccountId;
use crate::planted::{self, Bug};
use crate::pricing::totals::Totals;
use crate::time::Timestamp;

/// How long an order with an open step may be silent before it is woken: longer than any step takes,
/// so that only one that was cut off is woken.
const STEP_PATIENCE: Duration = Duration::from_secs(5);

impl Aggregate for Order {
    const SNAPSHOT_VERSION: u32 = 3;
    type Command = OrderCommand;
    type Event = OrderEvent;
    type Refusal = OrderRefusal;
    type Answer = Self;

    fn decide(&self, command: &OrderCommand, now: Timestamp) -> Result<Vec<OrderEvent>, OrderRefusal> {
        match (command, &self.placement) {
            (OrderCommand::Place(placement), None) => Ok(vec![OrderEvent::Placed { placement: placement.clone() }]),
            // The cart gave the order its id, so a second placing is the same one again.
            (OrderCommand::Place(_), Some(_)) => Ok(vec![]),
            (_, None) => Err(OrderRefusal::NotFound),
            (OrderCommand::Cancel, Some(_)) => self.decide_cancel(),
            (OrderCommand::PaymentCaptured { .. }, Some(_)) if self.stage == Stage::Placed => {
                Err(OrderRefusal::StockNotHeld)
            }
            (OrderCommand::PaymentCaptured { amount }, Some(_)) => Ok(self.captured(*amount, now)),
            (OrderCommand::Refund(ask), Some(_)) => self.decide_refund(ask, now),
            (OrderCommand::Claim { owner }, Some(placement)) => decide_claim(*owner, placement),
            (OrderCommand::Wake, Some(placement)) => Ok(self.decide_wake(placement, now)),
            (OrderCommand::StepDone(outcome), Some(placement)) => Ok(self.decide_step(outcome, placement, now)),
        }
    }

    fn evolve(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::Placed { placement } => {
                self.placement = Some(placement.as_ref().clone());
                self.stage = Stage::Placed;
            }
            OrderEvent::StockHeld => self.stage = Stage::StockHeld,
            OrderEvent::PaymentOpened => self.stage = Stage::AwaitingPayment,
            OrderEvent::Paid { amount } => {
                self.captured = *amount;
                self.ending = None;
                self.stage = Stage::Paid;
            }
            OrderEvent::StockSold { at } => {
                self.confirmed_at = Some(*at);
                self.stage = Stage::Sold;
            }
            OrderEvent::EndingBegun { ending } => {
                self.stage = ending_stage(self, ending);
                self.ending = Some(ending.clone());
            }
            OrderEvent::PaymentVoided | OrderEvent::VoidGivenUp => self.stage = Stage::Releasing,
            OrderEvent::StockReleased => self.stage = Stage::Released,
            OrderEvent::Settled => self.stage = Stage::Settled,
            OrderEvent::PaidTooLate { amount } if planted::is(Bug::CaptureCountsTwice) => self.captured += *amount,
            OrderEvent::PaidTooLate { amount } => self.captured = *amount,
            OrderEvent::Refunded { amount, refund } => {
                self.refunded += amount;
                self.end_refund(*refund, RefundOutcome::Done);
            }
            OrderEvent::RefundRequested { request } => {
                self.refunds.push(Refund { request: request.clone(), outcome: RefundOutcome::Running });
            }
            OrderEvent::RefundRefused { request, refundable } => {
                let outcome = RefundOutcome::TooLarge { refundable: *refundable };
                self.refunds.push(Refund { request: request.clone(), outcome });
            }
            OrderEvent::Claimed { owner } => {
                if let Some(placement) = &mut self.placement {
                    placement.owner = Some(owner.to_string());
                }
            }
            OrderEvent::RefundFailed { refund, reason } => {
                self.end_refund(Some(*refund), RefundOutcome::Failed { reason: reason.clone() });
            }
        }
    }

    fn answer(&self, _command: &OrderCommand) -> Self {
        self.clone()
    }

    fn due_at(&self) -> Option<Timestamp> {
        let placement = self.placement.as_ref()?;
        match self.stage {
            Stage::AwaitingPayment => Some(placement.hold_expires_at),
            Stage::Voiding => {
                let given_up_at = placement.hold_expires_at.plus(placement.payment_grace);
                Some(given_up_at.min(placement.placed_at.plus(STEP_PATIENCE)))
            }
            _ => next_step(self).map(|_| placement.placed_at.plus(STEP_PATIENCE)),
        }
    }
}

impl Order {
    fn decide_cancel(&self) -> Result<Vec<OrderEvent>, OrderRefusal> {
        match (self.stage, &self.ending) {
            (Stage::Placed | Stage::StockHeld | Stage::AwaitingPayment, None) => Ok(begin(Ending::Cancelled)),
            (_, Some(Ending::Cancelled)) => Ok(vec![]),
            _ => Err(OrderRefusal::NotCancellable),
        }
    }

    /// Money came in: the order is paid, unless its stock has gone back.
    fn captured(&self, amount: i64, now: Timestamp) -> Vec<OrderEvent> {
        match self.stage {
            Stage::Paid | Stage::Sold | Stage::Settled if planted::is(Bug::CaptureCountsTwice) => {
                vec![OrderEvent::PaidTooLate { amount }]
            }
            _ if self.captured >= amount => vec![],
            Stage::AwaitingPayment | Stage::Voiding | Stage::StockHeld => vec![OrderEvent::Paid { amount }],
            Stage::Releasing | Stage::Released | Stage::Settled => self.paid_too_late(amount, now),
            Stage::Unplaced | Stage::Placed | Stage::Paid | Stage::Sold => vec![],
        }
    }

    fn decide_wake(&self, placement: &Placement, now: Timestamp) -> Vec<OrderEvent> {
        match self.stage {
            Stage::AwaitingPayment if now >= placement.hold_expires_at => begin(Ending::Expired),
            Stage::Voiding if now >= placement.hold_expires_at.plus(placement.payment_grace) => {
                vec![OrderEvent::VoidGivenUp]
            }
            _ => vec![],
        }
    }

    fn decide_step(&self, outcome: &StepOutcome, placement: &Placement, now: Timestamp) -> Vec<OrderEvent> {
        match (self.stage, outcome) {
            (Stage::Placed, StepOutcome::StockHeld) if placement.totals.total == 0 => {
                vec![OrderEvent::StockHeld, OrderEvent::Paid { amount: 0 }]
            }
            (Stage::Placed, StepOutcome::StockHeld) => vec![OrderEvent::StockHeld],
            (Stage::Placed, StepOutcome::OutOfStock(items)) => begin(Ending::OutOfStock(items.clone())),
            (Stage::Placed, StepOutcome::DiscountUsedUp(codes)) => begin(Ending::DiscountUsedUp(codes.clone())),
            (Stage::StockHeld, StepOutcome::PaymentOpened) => vec![OrderEvent::PaymentOpened],
            (Stage::Paid, StepOutcome::StockSold) => vec![OrderEvent::StockSold { at: now }],
            (Stage::Voiding, StepOutcome::PaymentVoided) => vec![OrderEvent::PaymentVoided],
            (Stage::Voiding, StepOutcome::PaymentWasCaptured { amount }) => self.captured(*amount, now),
            (Stage::Releasing, StepOutcome::StockReleased) => vec![OrderEvent::StockReleased],
            (Stage::Released | Stage::Sold, StepOutcome::CartTold) => vec![OrderEvent::Settled],
            (Stage::Settled, StepOutcome::Refunded { refund, amount }) if self.captured - self.refunded >= *amount => {
                self.refund_ended(*refund, OrderEvent::Refunded { amount: *amount, refund: Some(*refund) })
            }
            (Stage::Settled, StepOutcome::RefundFailed { refund, reason }) => {
                self.refund_ended(*refund, OrderEvent::RefundFailed { refund: *refund, reason: reason.clone() })
            }
            // The outcome of a step that the order is past already.
            _ => vec![],
        }
    }

    /// What must hold for every order, whatever happened: money and goods go together.
    ///
    /// # Errors
    /// A sentence with the numbers.
    pub fn check(&self) -> Result<(), String> {
        let Some(placement) = &self.placement else { return Ok(()) };
        let Totals { subtotal, discount, shipping, tax, tax_included, total } = placement.totals;
        let lines: i64 = placement.lines.iter().map(|line| line.total).sum();
        let sum = subtotal - discount + shipping + if tax_included { 0 } else { tax };
        if lines != subtotal || sum != total || total < 0 {
            return Err(format!("lines {lines}, subtotal {subtotal}, parts {sum}, total {total} do not add up"));
        }
        placement.check_parts()?;
        let (captured, refunded) = (self.captured, self.refunded);
        match (self.stage, &self.ending) {
            (Stage::Paid | Stage::Sold, _) | (Stage::Settled, None) if captured != total => {
                Err(format!("confirmed with {captured} captured of a total of {total}"))
            }
            _ if refunded > captured => Err(format!("refunded {refunded} of {captured} captured")),
            _ => Ok(()),
        }
    }
}

/// What belongs to an account stays there.
fn decide_claim(owner: AccountId, placement: &Placement) -> Result<Vec<OrderEvent>, OrderRefusal> {
    match placement.owner.as_deref().map(str::parse::<AccountId>) {
        Some(Ok(known)) if known == owner => Ok(vec![]),
        Some(Ok(_)) => Err(OrderRefusal::NotFound),
        Some(Err(_)) | None => Ok(vec![OrderEvent::Claimed { owner }]),
    }
}

fn begin(ending: Ending) -> Vec<OrderEvent> {
    vec![OrderEvent::EndingBegun { ending }]
}
