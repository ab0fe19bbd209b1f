use std::time::Duration;

use super::command::{PaymentCommand, PaymentRefusal, ProviderStanding, StepOutcome};
use super::event::{MismatchOutcome, PaymentEvent};
use super::process::{Step, next_step};
use super::state::{Attempt, Payment, PaymentMethod, Refund, RefundOutcome, Standing};
use crate::aggregate::Aggregate;
use crate::id::RefundId;
use crate::money::Money;
use crate::time::Timestamp;

/// How many cards a buyer may try for one order.
const MAX_ATTEMPTS: u32 = 20;
/// How many refunds one payment may have, refused ones too.
const MAX_REFUNDS: usize = 200;

impl Aggregate for Payment {
    const SNAPSHOT_VERSION: u32 = 2;
    type Command = PaymentCommand;
    type Event = PaymentEvent;
    type Refusal = PaymentRefusal;
    type Answer = Self;

    fn decide(&self, command: &PaymentCommand, _now: Timestamp) -> Result<Vec<PaymentEvent>, PaymentRefusal> {
        match (command, &self.opening) {
            (PaymentCommand::Open(opening), None) => Ok(vec![PaymentEvent::Opened { opening: opening.clone() }]),
            // The order gave the payment its id, so a second opening is the same one again.
            (PaymentCommand::Open(_), Some(_)) => Ok(vec![]),
            (PaymentCommand::Void(opening), None) => {
                let opened = PaymentEvent::Opened { opening: opening.clone() };
                Ok([opened].into_iter().chain(self.decide_void()).collect())
            }
            (_, None) => Err(PaymentRefusal::NotFound),
            (PaymentCommand::Confirm { method }, Some(_)) => self.decide_confirm(method),
            (PaymentCommand::Refresh, Some(_)) => Ok(self.decide_refresh()),
            (PaymentCommand::Void(_), Some(_)) => Ok(self.decide_void()),
            (PaymentCommand::Refund { id, amount }, Some(_)) => self.decide_refund(*id, *amount),
            (PaymentCommand::StepDone(outcome), Some(_)) => Ok(self.decide_step(outcome)),
        }
    }

    fn evolve(&mut self, event: &PaymentEvent) {
        match event {
            PaymentEvent::Opened { opening } => self.opening = Some(opening.clone()),
            PaymentEvent::IntentCreated { intent } => self.intent = Some(intent.clone()),
            PaymentEvent::ConfirmationRequested { number, method } => {
                self.attempts = *number;
                self.attempt = Some(Attempt { number: *number, method: method.clone() });
            }
            PaymentEvent::Declined { reason } => self.stand(Standing::Declined { reason: reason.clone() }),
            PaymentEvent::ActionRequired { action_url } => {
                self.stand(Standing::RequiresAction { action_url: action_url.clone() });
            }
            PaymentEvent::Processing { ask_at } => self.stand(Standing::Processing { ask_at: *ask_at }),
            PaymentEvent::RefreshRequested => self.refresh = true,
            PaymentEvent::Refreshed => self.refresh = false,
            PaymentEvent::Captured { amount } => {
                self.captured = *amount;
                self.stand(Standing::Captured);
            }
            PaymentEvent::VoidRequested => self.void_requested = true,
            PaymentEvent::Voided => self.stand(Standing::Voided),
            PaymentEvent::OrderTold => self.order_told = true,
            PaymentEvent::RefundRequested { amount, id } => {
                self.refunds.push(Refund { id: *id, amount: *amount, outcome: RefundOutcome::Running });
            }
            PaymentEvent::Refunded { amount } => {
                self.end_refund(RefundOutcome::Done);
                self.refunded += amount;
            }
            PaymentEvent::RefundRefused { reason } => {
                self.end_refund(RefundOutcome::Refused { reason: reason.clone() });
            }
            PaymentEvent::AmountMismatched { reported, captured } => {
                self.stand(Standing::Mismatched { reported: *reported, captured: *captured, closed: false });
            }
            PaymentEvent::MismatchClosed { .. } => {
                if let Standing::Mismatched { closed, .. } = &mut self.standing {
                    *closed = true;
                }
            }
        }
    }

    fn answer(&self, _command: &PaymentCommand) -> Self {
        self.clone()
    }

    fn due_at(&self) -> Option<Timestamp> {
        match (&self.standing, next_step(self)) {
            // Cut off in the middle of a step: go on at the next start.
            (_, Some(_)) => Some(Timestamp::default().plus(Duration::from_millis(1))),
            (Standing::Processing { ask_at }, None) => Some(*ask_at),
            _ => None,
        }
    }
}

impl Payment {
    fn decide_confirm(&self, method: &PaymentMethod) -> Result<Vec<PaymentEvent>, PaymentRefusal> {
        match &self.standing {
            Standing::Captured => Ok(vec![]),
            Standing::Voided | Standing::Mismatched { .. } => Err(PaymentRefusal::Closed),
            _ if self.void_requested => Err(PaymentRefusal::Closed),
            // A confirmation that runs is joined; one that waits for the provider's word is not asked again.
            _ if self.attempt.is_some() => Ok(vec![]),
            Standing::Processing { .. } => Ok(vec![]),
            _ if self.attempts >= MAX_ATTEMPTS => Err(PaymentRefusal::TooManyAttempts),
            Standing::RequiresMethod | Standing::Declined { .. } | Standing::RequiresAction { .. } => {
                Ok(vec![PaymentEvent::ConfirmationRequested { number: self.attempts + 1, method: method.clone() }])
            }
        }
    }

    fn decide_refresh(&self) -> Vec<PaymentEvent> {
        let open = !matches!(self.standing, Standing::Captured | Standing::Voided | Standing::Mismatched { .. });
        // The attempt that runs tells the same.
        if open && !self.refresh && self.attempt.is_none() && self.intent.is_some() {
            vec![PaymentEvent::RefreshRequested]
        } else {
            vec![]
        }
    }

    fn decide_void(&self) -> Vec<PaymentEvent> {
        match self.standing {
            // A mismatch is voided or given back by itself.
            Standing::Captured | Standing::Voided | Standing::Mismatched { .. } => vec![],
            // Nothing was ever asked of the provider, so there is nothing to undo there.
            _ if self.intent.is_none() && self.attempt.is_none() => {
                vec![PaymentEvent::VoidRequested, PaymentEvent::Voided]
            }
            _ if self.void_requested => vec![],
            _ => vec![PaymentEvent::VoidRequested],
        }
    }

    fn decide_refund(&self, id: RefundId, amount: i64) -> Result<Vec<PaymentEvent>, PaymentRefusal> {
        let refundable = self.captured - self.refunded;
        match self.running_refund() {
            _ if self.refund(id).is_some() => Ok(vec![]),
            Some(_) => Err(PaymentRefusal::RefundInProgress),
            None if amount <= 0 || amount > refundable => Err(PaymentRefusal::RefundTooLarge { refundable }),
            None if self.refunds.len() >= MAX_REFUNDS => Err(PaymentRefusal::TooManyRefunds),
            None => Ok(vec![PaymentEvent::RefundRequested { amount, id: Some(id) }]),
        }
    }

    fn decide_step(&self, outcome: &StepOutcome) -> Vec<PaymentEvent> {
        let running = self.running_refund();
        match outcome {
            StepOutcome::IntentCreated { intent, amount } if self.intent.is_none() => {
                let mut events = vec![PaymentEvent::IntentCreated { intent: intent.clone() }];
                events.extend(self.mismatch(*amount, 0));
                events
            }
            StepOutcome::Provider { amount, standing } => self.provider_says(*amount, standing),
            StepOutcome::OrderTold if !self.order_told => vec![PaymentEvent::OrderTold],
            StepOutcome::Refunded { amount } if running.is_some_and(|refund| refund.amount == *amount) => {
                vec![PaymentEvent::Refunded { amount: *amount }]
            }
            StepOutcome::RefundRefused { reason } if running.is_some() => {
                vec![PaymentEvent::RefundRefused { reason: reason.clone() }]
            }
            StepOutcome::Returned { money } => self.close_mismatch(MismatchOutcome::Returned { money: *money }),
            StepOutcome::ReturnRefused { reason } => {
                self.close_mismatch(MismatchOutcome::Kept { reason: reason.clone() })
            }
            StepOutcome::IntentCreated { .. }
            | StepOutcome::OrderTold
            | StepOutcome::Refunded { .. }
            | StepOutcome::RefundRefused { .. } => vec![],
        }
    }

    fn provider_says(&self, amount: Money, standing: &ProviderStanding) -> Vec<PaymentEvent> {
        let captured = if let ProviderStanding::Captured { amount } = standing { *amount } else { 0 };
        match self.standing {
            Standing::Captured | Standing::Voided | Standing::Mismatched { closed: true, .. } => return vec![],
            Standing::Mismatched { captured: 0, .. } if captured == 0 => {
                let voided = *standing == ProviderStanding::Voided;
                return if voided { self.close_mismatch(MismatchOutcome::Voided) } else { vec![] };
            }
            Standing::Mismatched { captured: known, .. } if known >= captured => return vec![],
            _ => {}
        }
        if let Some(mismatch) = self.mismatch(amount, captured) {
            return vec![mismatch];
        }
        // The provider was asked before the buyer tried again: how the attempt before it ended says nothing of this one.
        let is_older = self.refresh && self.attempt.is_some();
        vec![match standing.clone() {
            ProviderStanding::Declined { .. } | ProviderStanding::RequiresAction { .. } if is_older => {
                PaymentEvent::Refreshed
            }
            ProviderStanding::RequiresMethod => PaymentEvent::Refreshed,
            ProviderStanding::Declined { reason } => PaymentEvent::Declined { reason },
            ProviderStanding::RequiresAction { action_url } => PaymentEvent::ActionRequired { action_url },
            ProviderStanding::Processing { ask_at } => PaymentEvent::Processing { ask_at },
            ProviderStanding::Captured { amount } => PaymentEvent::Captured { amount },
            ProviderStanding::Voided => PaymentEvent::Voided,
        }]
    }

    /// What is asked for is the whole sum in the order's currency; nothing else is a payment.
    fn mismatch(&self, reported: Money, captured: i64) -> Option<PaymentEvent> {
        let asked = self.opening.as_ref()?.amount;
        let fits = reported == asked && (captured == 0 || captured == asked.amount);
        (!fits).then_some(PaymentEvent::AmountMismatched { reported, captured })
    }

    fn close_mismatch(&self, outcome: MismatchOutcome) -> Vec<PaymentEvent> {
        let open = matches!(self.standing, Standing::Mismatched { closed: false, .. });
        if open { vec![PaymentEvent::MismatchClosed { outcome }] } else { vec![] }
    }

    fn end_refund(&mut self, outcome: RefundOutcome) {
        let running = self.refunds.iter_mut().find(|refund| refund.outcome == RefundOutcome::Running);
        if let Some(refund) = running {
            refund.outcome = outcome;
        }
    }

    /// The provider's word ends whatever it was asked.
    fn stand(&mut self, standing: Standing) {
        self.standing = standing;
        self.attempt = None;
        self.refresh = false;
    }

    /// # Errors
    /// A sentence with the numbers.
    pub fn check(&self) -> Result<(), String> {
        let Some(opening) = &self.opening else { return Ok(()) };
        let (amount, captured, refunded) = (opening.amount.amount, self.captured, self.refunded);
        match self.is_captured() {
            true if captured != amount => Err(format!("captured {captured} of {amount}")),
            false if captured != 0 => Err(format!("{captured} captured without a capture")),
            _ if refunded > captured => Err(format!("refunded {refunded} of {captured} captured")),
            _ => Ok(()),
        }
    }

    /// A key for the provider: the same request of the same payment always carries the same one.
    pub fn provider_key(&self, step: &Step) -> String {
        let id = self.opening.as_ref().map_or_else(String::new, |opening| opening.id.to_string());
        match step {
            Step::Confirm => format!("{id}:confirm:{}", self.attempts),
            Step::Refund { id: Some(refund), .. } => refund.to_string(),
            Step::Refund { id: None, .. } => format!("{id}:refund:{}", self.refunded),
            Step::Return(_) => format!("{id}:return"),
            Step::CreateIntent => format!("{id}:create"),
            Step::Void => format!("{id}:void"),
            Step::Refresh | Step::TellOrder => id,
        }
    }
}
