//! What can be asked of a payment, and what it refuses.

use super::state::{Intent, Opening, PaymentMethod};
use crate::id::RefundId;
use crate::money::Money;
use crate::time::Timestamp;

#[derive(Debug, Clone)]
pub enum PaymentCommand {
    Open(Opening),
    Confirm {
        method: PaymentMethod,
    },
    /// The provider says that something changed, or the clock that it is time to ask.
    Refresh,
    /// Closes it for good. One that was never opened is opened and closed at once, so that an opening that comes late
    /// finds it closed.
    Void(Opening),
    /// The same id is the same refund.
    Refund {
        id: RefundId,
        amount: i64,
    },
    StepDone(StepOutcome),
}

#[derive(Debug, Clone)]
pub enum StepOutcome {
    /// With the sum that the provider speaks of.
    IntentCreated {
        intent: Intent,
        amount: Money,
    },
    /// How the provider says it stands, and the sum that it speaks of.
    Provider {
        amount: Money,
        standing: ProviderStanding,
    },
    OrderTold,
    Refunded {
        amount: i64,
    },
    RefundRefused {
        reason: String,
    },
    /// What was taken wrongly went back.
    Returned {
        money: Money,
    },
    ReturnRefused {
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderStanding {
    RequiresMethod,
    Declined {
        reason: String,
    },
    RequiresAction {
        action_url: String,
    },
    Processing {
        ask_at: Timestamp,
    },
    /// Minor units.
    Captured {
        amount: i64,
    },
    Voided,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentRefusal {
    NotFound,
    /// It was voided, or is about to be.
    Closed,
    /// Tried too many times.
    TooManyAttempts,
    /// More than was captured and not given back yet.
    RefundTooLarge {
        refundable: i64,
    },
    /// Another refund is on its way.
    RefundInProgress,
    TooManyRefunds,
}
