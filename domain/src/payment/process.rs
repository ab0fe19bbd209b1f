//! What a payment has to ask of the provider next. The request is in the journal before it is sent,
//! and carries a key made of the payment's id, so that the provider takes it once however often it is sent.

use super::state::{Payment, Standing};
use crate::id::RefundId;
use crate::money::Money;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    CreateIntent,
    Confirm,
    /// Ask how it stands.
    Refresh,
    Void,
    TellOrder,
    /// Minor units.
    Refund {
        id: Option<RefundId>,
        amount: i64,
    },
    /// Gives back what was taken wrongly.
    Return(Money),
}

pub fn next_step(payment: &Payment) -> Option<Step> {
    payment.opening.as_ref()?;
    if let Standing::Mismatched { reported, captured, closed } = payment.standing {
        return (!closed).then(|| end_mismatch(Money::new(captured, reported.currency)));
    }
    let open = !matches!(payment.standing, Standing::Captured | Standing::Voided);
    if payment.intent.is_none() && open {
        return Some(Step::CreateIntent);
    }
    match payment {
        Payment { attempt: Some(_), .. } if open => Some(Step::Confirm),
        Payment { refresh: true, .. } if open => Some(Step::Refresh),
        Payment { void_requested: true, .. } if open => Some(Step::Void),
        Payment { standing: Standing::Captured, order_told: false, .. } => Some(Step::TellOrder),
        _ => payment.running_refund().map(|refund| Step::Refund { id: refund.id, amount: refund.amount }),
    }
}

fn end_mismatch(taken: Money) -> Step {
    if taken.amount > 0 { Step::Return(taken) } else { Step::Void }
}
