//! The whole life of an order.
//!
//! ```text
//!  Placed ──hold──▶ StockHeld ──open payment──▶ AwaitingPayment ──money──▶ Paid ──sell──▶ Sold ──tell cart──▶ Settled
//!    │                  │                            │   ▲                                                     (confirmed)
//!    │ refused          │ cancel, hold expired       │   └──── it was captured ────┐
//!    │                  ▼                            ▼                             │
//!    │               Releasing ◀──voided────────── Voiding ────────────────────────┘
//!    └─────────────────▶│                            └── nobody knows: again, until the grace is over
//!                       └──release──▶ Released ──tell cart──▶ Settled (refused, cancelled, expired)
//!
//!  money after the end, or staff's request ──▶ refund, as soon as it is settled
//! ```
//!
//! Refused is out of stock, or a discount without a use left. The uses of limited discounts go with the stock:
//! claimed as it is held, redeemed as it is sold, given back as it is released.
//!
//! After every commit, and whenever the order wakes up, [`next_step`] says what is to be done. The
//! step is carried out and its outcome comes back as a command. Every step can be done twice without
//! harm, so an order that was cut off goes on where its journal stands.
//!
//! Where all goes well two steps report together, in one commit: the payment is opened as soon as the stock is held,
//! and the cart is told while the stock is sold. So an order's payment may be there before the order says that its
//! stock is held.

use super::state::{Ending, Order, Stage};
use crate::cart::command::CheckoutOutcome;
use crate::id::RefundId;
use crate::planted::{self, Bug};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    HoldStock,
    OpenPayment,
    SellStock,
    VoidPayment,
    ReleaseStock,
    /// The stock goes back, and whatever payment there is or may still come to be is closed: the grace may have ended
    /// before anybody asked for that, and a cancellation may overtake the opening of the payment.
    ReleaseStockAndPayment,
    TellCart(CheckoutOutcome),
    /// The amount is in minor units.
    Refund {
        id: RefundId,
        amount: i64,
    },
}

pub fn next_step(order: &Order) -> Option<Step> {
    match order.stage {
        Stage::Unplaced | Stage::AwaitingPayment => None,
        Stage::Placed => Some(Step::HoldStock),
        Stage::StockHeld => Some(Step::OpenPayment),
        Stage::Paid => Some(Step::SellStock),
        Stage::Sold => Some(Step::TellCart(CheckoutOutcome::Completed)),
        Stage::Voiding => Some(Step::VoidPayment),
        Stage::Releasing if may_be_paid(order) => Some(Step::ReleaseStockAndPayment),
        Stage::Releasing => Some(Step::ReleaseStock),
        Stage::Released => Some(Step::TellCart(CheckoutOutcome::Reopened)),
        Stage::Settled => order.next_refund().map(|(id, amount)| Step::Refund { id, amount }),
    }
}

/// Only an order that costs nothing has no payment. A refused one may have: where the commit of the refusal was late,
/// its stock was asked for again, and the payment opened with it.
fn may_be_paid(order: &Order) -> bool {
    order.total().is_none_or(|total| total.amount != 0)
}

/// Where the order goes when it is to end without a sale: nothing to void before a payment was opened.
pub(super) fn ending_stage(order: &Order, ending: &Ending) -> Stage {
    match (order.stage, ending) {
        (_, Ending::Expired) if planted::is(Bug::ExpiryWithoutVoid) => Stage::Releasing,
        (_, Ending::OutOfStock(_) | Ending::DiscountUsedUp(_)) | (Stage::Placed | Stage::StockHeld, _) => {
            Stage::Releasing
        }
        _ => Stage::Voiding,
    }
}
