//! What can happen to a product. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::state::{Details, HeldLine, VariantDetails};
use crate::id::{OrderId, ProductId, VariantId};
use crate::money::Money;
use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ProductEvent {
    #[serde(rename = "created.v1")]
    Created { id: ProductId, at: Timestamp, details: Details },
    #[serde(rename = "details_changed.v1")]
    DetailsChanged { details: Details },
    #[serde(rename = "variant_added.v1")]
    VariantAdded { variant: VariantDetails, price: Money, compare_at_price: Option<Money>, tracked: bool },
    #[serde(rename = "variant_changed.v1")]
    VariantChanged { variant: VariantDetails },
    #[serde(rename = "repriced.v1")]
    Repriced { variant: VariantId, price: Money, compare_at_price: Option<Money> },
    /// Units came in for the first time. `imported` is the number the file gave, where a file did.
    #[serde(rename = "stocked.v1")]
    Stocked { variant: VariantId, quantity: i64, imported: Option<i64> },
    /// The count was put right, up or down.
    #[serde(rename = "stock_adjusted.v1")]
    StockAdjusted { variant: VariantId, delta: i64, imported: Option<i64> },
    #[serde(rename = "held.v1")]
    Held { order: OrderId, lines: Vec<HeldLine> },
    #[serde(rename = "released.v1")]
    Released { order: OrderId, lines: Vec<HeldLine> },
    #[serde(rename = "sold.v1")]
    Sold { order: OrderId, lines: Vec<HeldLine> },
    /// A release came for an order without a hold: its hold is refused from now until then.
    #[serde(rename = "release_noted.v1")]
    ReleaseNoted { order: OrderId, at: Timestamp, until: Timestamp },
}
