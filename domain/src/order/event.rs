//! What can happen to an order. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::refund::RefundRequest;
use super::state::{Ending, Placement};
use crate::id::{AccountId, RefundId};
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum OrderEvent {
    #[serde(rename = "placed.v1")]
    Placed { placement: Box<Placement> },
    #[serde(rename = "stock_held.v1")]
    StockHeld,
    #[serde(rename = "payment_opened.v1")]
    PaymentOpened,
    #[serde(rename = "paid.v1")]
    Paid { amount: i64 },
    #[serde(rename = "stock_sold.v1")]
    StockSold { at: Timestamp },
    /// It goes to its end without a sale; whether the payment has to be voided first follows from
    /// how far it was.
    #[serde(rename = "ending_begun.v1")]
    EndingBegun { ending: Ending },
    #[serde(rename = "payment_voided.v1")]
    PaymentVoided,
    /// The grace is over without a word from the provider.
    #[serde(rename = "void_given_up.v1")]
    VoidGivenUp,
    #[serde(rename = "stock_released.v1")]
    StockReleased,
    /// The cart knows, and nothing is left to do.
    #[serde(rename = "settled.v1")]
    Settled,
    /// Money came although the order had ended; it goes back.
    #[serde(rename = "paid_too_late.v1")]
    PaidTooLate { amount: i64 },
    #[serde(rename = "refunded.v1")]
    Refunded {
        amount: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refund: Option<RefundId>,
    },
    #[serde(rename = "refund_requested.v1")]
    RefundRequested { request: RefundRequest },
    /// More was asked for than there was; kept, because its key has this answer from now on.
    #[serde(rename = "refund_refused.v1")]
    RefundRefused { request: RefundRequest, refundable: i64 },
    /// An order that was placed without an account belongs to one from here.
    #[serde(rename = "claimed.v1")]
    Claimed { owner: AccountId },
    /// The provider does not give it back.
    #[serde(rename = "refund_failed.v1")]
    RefundFailed { refund: RefundId, reason: String },
}
