use std::time::Duration;

use super::command::{PaymentCommand, PaymentRefusal, ProviderStanding, StepOutcome};
use super::event::PaymentEvent;
use super::process::{Step, next_step};
use super::state::{Attempt, Payment, PaymentMethod, Standing};
use crate::aggregate::Aggregate;
use crate::time::Timestamp;

/// How many cards a buyer may try for one order.
const MAX_ATTEMPTS: u32 = 20;

impl Aggregate for Payment {
    const SNAPSHOT_VERSION: u32 = 1;
    type Command = PaymentCommand;
    type Event = PaymentEvent;
    type Refusal = PaymentRefusal;
    type Answer = Self;

    fn decide(&self, command: &PaymentCommand, _now: Timestamp) -> Result<Vec<PaymentEvent>, PaymentRefusal> {
        match (command, &self.opening) {
            (PaymentCommand::Open(opening), None) => Ok(vec![PaymentEvent::Opened { opening: opening.clone() }]),
            // The order gave the payment its id, so a second opening is the same one again.
            (PaymentCommand::Open(_), Some(_)) => Ok(vec![]),
            (_, None) => Err(PaymentRefusal::NotFound),
            (PaymentCommand::Confirm { method }, Some(_)) => self.decide_confirm(method),
            (PaymentCommand::Refresh, Some(_)) => Ok(self.decide_refresh()),
            (PaymentCommand::Void, Some(_)) => Ok(self.decide_void()),
            (PaymentCommand::Refund { amount }, Some(_)) => self.decide_refund(*amount),
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
            PaymentEvent::RefundRequested { amount } => self.refunding = Some(*amount),
            PaymentEvent::Refunded { amount } => {
                self.refunding = None;
                self.refunded += amount;
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
            Standing::Voided => Err(PaymentRefusal::Closed),
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
        let open = !matches!(self.standing, Standing::Captured | Standing::Voided);
        if open && !self.refresh && self.intent.is_some() { vec![PaymentEvent::RefreshRequested] } else { vec![] }
    }

    fn decide_void(&self) -> Vec<PaymentEvent> {
        match self.standing {
            Standing::Captured | Standing::Voided => vec![],
            // Nothing was ever asked of the provider, so there is nothing to undo there.
            _ if self.intent.is_none() && self.attempt.is_none() => {
                vec![PaymentEvent::VoidRequested, PaymentEvent::Voided]
            }
            _ if self.void_requested => vec![],
            _ => vec![PaymentEvent::VoidRequested],
        }
    }

    fn decide_refund(&self, amount: i64) -> Result<Vec<PaymentEvent>, PaymentRefusal> {
        let refundable = self.captured - self.refunded;
        match self.refunding {
            Some(running) if running == amount => Ok(vec![]),
            Some(_) => Err(PaymentRefusal::RefundInProgress),
            None if amount <= 0 || amount > refundable => Err(PaymentRefusal::RefundTooLarge { refundable }),
            None => Ok(vec![PaymentEvent::RefundRequested { amount }]),
        }
    }

    fn decide_step(&self, outcome: &StepOutcome) -> Vec<PaymentEvent> {
        match outcome {
            StepOutcome::IntentCreated(intent) if self.intent.is_none() => {
                vec![PaymentEvent::IntentCreated { intent: intent.clone() }]
            }
            StepOutcome::Provider(standing) => self.provider_says(standing),
            StepOutcome::OrderTold if !self.order_told => vec![PaymentEvent::OrderTold],
            StepOutcome::Refunded { amount } if self.refunding == Some(*amount) => {
                vec![PaymentEvent::Refunded { amount: *amount }]
            }
            StepOutcome::IntentCreated(_) | StepOutcome::OrderTold | StepOutcome::Refunded { .. } => vec![],
        }
    }

    fn provider_says(&self, standing: &ProviderStanding) -> Vec<PaymentEvent> {
        if matches!(self.standing, Standing::Captured | Standing::Voided) {
            return vec![];
        }
        vec![match standing.clone() {
            ProviderStanding::RequiresMethod => PaymentEvent::Refreshed,
            ProviderStanding::Declined { reason } => PaymentEvent::Declined { reason },
            ProviderStanding::RequiresAction { action_url } => PaymentEvent::ActionRequired { action_url },
            ProviderStanding::Processing { ask_at } => PaymentEvent::Processing { ask_at },
            ProviderStanding::Captured { amount } => PaymentEvent::Captured { amount },
            ProviderStanding::Voided => PaymentEvent::Voided,
        }]
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
            Step::Refund(_) => format!("{id}:refund:{}", self.refunded),
            Step::CreateIntent => format!("{id}:create"),
            Step::Void => format!("{id}:void"),
            Step::Refresh | Step::TellOrder => id,
        }
    }
}
