//! What can happen to a cart. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::command::CartRefusal;
use super::state::CartLine;
use crate::address::Address;
use crate::id::{AccountId, CartId, OrderId, VariantId};
use crate::money::Currency;
use crate::personal::Personal;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum CartEvent {
    #[serde(rename = "created.v1")]
    Created { id: CartId, owner: Option<String>, currency: Currency },
    /// The line stands like this now, whether it is new or not.
    #[serde(rename = "line_set.v1")]
    LineSet {
        line: CartLine,
        /// When it was shown like this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    #[serde(rename = "line_removed.v1")]
    LineRemoved { variant_id: VariantId },
    #[serde(rename = "email_set.v1")]
    EmailSet { email: Personal<String> },
    #[serde(rename = "shipping_address_set.v1")]
    ShippingAddressSet { address: Address },
    #[serde(rename = "shipping_option_set.v1")]
    ShippingOptionSet { option_id: Option<String> },
    /// These are all its codes now.
    #[serde(rename = "discount_codes_set.v1")]
    DiscountCodesSet { codes: Vec<String>, at: Timestamp },
    /// An order takes its course from here; its key is remembered with it.
    #[serde(rename = "checkout_started.v1")]
    CheckoutStarted {
        order_id: OrderId,
        key: String,
        fingerprint: String,
        /// The order is priced by what was in force then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// The order exists and goes its own way.
    #[serde(rename = "order_placed.v1")]
    OrderPlaced { order_id: OrderId },
    /// No order came of it; the same key gets the same refusal.
    #[serde(rename = "checkout_refused.v1")]
    CheckoutRefused { key: String, fingerprint: String, refusal: CartRefusal },
    /// The order came to nothing: the cart can be changed and tried again.
    #[serde(rename = "reopened.v1")]
    Reopened { order_id: OrderId },
    #[serde(rename = "claimed.v1")]
    Claimed { owner: AccountId },
    #[serde(rename = "handed_over.v1")]
    HandedOver { to: CartId, owner: AccountId },
    /// The lines were set before, as far as they fit.
    #[serde(rename = "taken_over.v1")]
    TakenOver { from: CartId },
    #[serde(rename = "completed.v1")]
    Completed { order_id: OrderId },
}
