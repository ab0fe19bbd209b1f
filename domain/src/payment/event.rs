//! What can happen to a payment. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::state::{Intent, Opening, PaymentMethod};
use crate::id::RefundId;
use crate::money::Money;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum PaymentEvent {
    #[serde(rename = "opened.v1")]
    Opened { opening: Opening },
    #[serde(rename = "intent_created.v1")]
    IntentCreated { intent: Intent },
    /// Written before the provider is asked, so that a crash cannot forget that it was.
    #[serde(rename = "confirmation_requested.v1")]
    ConfirmationRequested { number: u32, method: PaymentMethod },
    #[serde(rename = "declined.v1")]
    Declined { reason: String },
    #[serde(rename = "action_required.v1")]
    ActionRequired { action_url: String },
    #[serde(rename = "processing.v1")]
    Processing { ask_at: Timestamp },
    #[serde(rename = "refresh_requested.v1")]
    RefreshRequested,
    /// The provider was asked and had nothing new.
    #[serde(rename = "refreshed.v1")]
    Refreshed,
    #[serde(rename = "captured.v1")]
    Captured { amount: i64 },
    #[serde(rename = "void_requested.v1")]
    VoidRequested,
    #[serde(rename = "voided.v1")]
    Voided,
    #[serde(rename = "order_told.v1")]
    OrderTold,
    #[serde(rename = "refund_requested.v1")]
    RefundRequested {
        amount: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<RefundId>,
    },
    #[serde(rename = "refunded.v1")]
    Refunded { amount: i64 },
    /// The provider will not give it back, now or later.
    #[serde(rename = "refund_refused.v1")]
    RefundRefused { reason: String },
    /// The provider speaks of another sum than it was asked for.
    #[serde(rename = "amount_mismatched.v1")]
    AmountMismatched {
        reported: Money,
        /// Minor units of `reported`.
        captured: i64,
    },
    /// Nothing is left to do about a mismatch.
    #[serde(rename = "mismatch_closed.v1")]
    MismatchClosed { outcome: MismatchOutcome },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MismatchOutcome {
    /// Nothing was taken, and nothing can be any more.
    Voided,
    Returned {
        money: Money,
    },
    /// The provider keeps what it took: somebody has to talk to it.
    Kept {
        reason: String,
    },
}
