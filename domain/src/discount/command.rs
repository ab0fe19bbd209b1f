//! What can be asked of a limited discount, and what it refuses.

use serde::{Deserialize, Serialize};

use crate::id::{DiscountId, OrderId};
use crate::time::Timestamp;

/// A use that an order asks for, with the limits as they stood when it was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRequest {
    pub discount_id: DiscountId,
    /// The code, as the buyer is told when there is no use left.
    pub code: String,
    /// Orders in all; none: any number.
    pub limit: Option<u32>,
    /// Who asks, where the uses of one customer are limited: a digest that names nobody.
    pub customer: Option<CustomerClaim>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerClaim {
    /// SHA-256, as hexadecimal digits.
    pub digest: String,
    /// Orders of this customer.
    pub limit: u32,
}

#[derive(Debug, Clone)]
pub enum DiscountCommand {
    /// Takes one use for an order. Refused after `not_after`, so that a claim which was on its way for too
    /// long cannot outlive its order.
    Claim { order: OrderId, request: ClaimRequest, not_after: Timestamp },
    /// Gives an order's use back. `not_after` is the one of its claim.
    Release { order: OrderId, not_after: Timestamp },
    /// The order is paid: its use counts for good.
    Redeem { order: OrderId },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiscountRefusal {
    /// No use is left, in all or for this customer.
    UsedUp,
    /// The claim came after its time, or after its end.
    ClaimTooLate,
    /// No claim of this order is open. It may have been settled: the claims in the store tell.
    ClaimUnknown,
    /// More claims are open than a discount can carry.
    TooManyClaims,
}
