//! What can be asked of a product, and what it says.

pub use super::import::{ImportReport, ImportedProduct, ImportedVariant, RefusedVariant};
use super::state::HeldLine;
use crate::id::{OrderId, ProductId, VariantId};
use crate::time::Timestamp;

#[derive(Debug, Clone)]
pub enum ProductCommand {
    /// Creates the product or changes what differs from the file, and nothing else.
    Import { id: ProductId, product: Box<ImportedProduct> },
    /// Sets units aside for an order, all lines or none. Refused after `not_after`, so that a hold
    /// which was on its way for too long cannot outlive its order.
    Hold { order: OrderId, lines: Vec<HeldLine>, not_after: Timestamp },
    /// Gives an order's units back. `not_after` is the one of its hold.
    Release { order: OrderId, not_after: Timestamp },
    /// Turns an order's hold into a sale.
    Sell { order: OrderId },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductRefusal {
    NotFound,
    /// What is left of each line that asked for too much.
    OutOfStock(Vec<Shortage>),
    /// The hold came after its time or after its release.
    HoldTooLate,
    /// No hold of this order is open. It may have been settled: the holds in the store tell.
    HoldUnknown,
    /// More holds are open than a product can carry.
    TooManyHolds,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shortage {
    pub variant_id: VariantId,
    pub available: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProductAnswer {
    Done,
    Imported(ImportReport),
}
