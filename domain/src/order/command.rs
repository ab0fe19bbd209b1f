//! What can be asked of an order, and what it refuses. The steps of its own process report back
//! through commands too, so that every change goes one way.

use super::refund::AskRefund;
use super::state::Placement;
use crate::id::{AccountId, RefundId};
use crate::product::command::Shortage;

#[derive(Debug, Clone)]
pub enum OrderCommand {
    Place(Box<Placement>),
    /// The buyer does not want it any more.
    Cancel,
    /// The payment tells that money was captured.
    PaymentCaptured {
        amount: i64,
    },
    /// Staff give money back.
    Refund(AskRefund),
    /// The account whose address it was placed with. Whoever calls has seen that the address is theirs.
    Claim {
        owner: AccountId,
    },
    /// The clock says that something is due.
    Wake,
    /// What a step of the process came to.
    StepDone(StepOutcome),
}

#[derive(Debug, Clone)]
pub enum StepOutcome {
    StockHeld,
    OutOfStock(Vec<Shortage>),
    /// Codes that have no use left.
    DiscountUsedUp(Vec<String>),
    PaymentOpened,
    StockSold,
    PaymentVoided,
    /// It is captured already: the order is paid after all.
    PaymentWasCaptured {
        amount: i64,
    },
    StockReleased,
    CartTold,
    Refunded {
        refund: RefundId,
        amount: i64,
    },
    RefundFailed {
        refund: RefundId,
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderRefusal {
    NotFound,
    /// Money for an order that has not said yet that its stock is held: told again later, it is taken.
    StockNotHeld,
    /// It is paid, or ended in another way.
    NotCancellable,
    /// The idempotency key stands for another request.
    KeyReused,
    TooManyRefunds,
}
