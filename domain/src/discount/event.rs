//! What can happen to a limited discount. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::command::ClaimRequest;
use crate::id::OrderId;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum DiscountEvent {
    /// `until`: a claim of this order that comes late, or again after its end, is refused until then.
    #[serde(rename = "claimed.v1")]
    Claimed { order: OrderId, request: ClaimRequest, until: Timestamp },
    #[serde(rename = "released.v1")]
    Released { order: OrderId, at: Timestamp },
    #[serde(rename = "redeemed.v1")]
    Redeemed { order: OrderId, at: Timestamp },
    /// A release came for an order without a claim: its claim is refused from now until then.
    #[serde(rename = "release_noted.v1")]
    ReleaseNoted { order: OrderId, at: Timestamp, until: Timestamp },
}
