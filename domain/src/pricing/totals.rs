//! The sums of a cart.

use serde::{Deserialize, Serialize};

/// Minor units of the shop's currency.
/// `total = subtotal - discount + shipping`, plus `tax` unless the prices include it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Totals {
    /// The lines before any discount.
    pub subtotal: i64,
    /// What all discounts take off, from lines and from shipping.
    pub discount: i64,
    /// Before any discount.
    pub shipping: i64,
    pub tax: i64,
    /// Whether `tax` is contained in the prices; it is then not added to `total`.
    pub tax_included: bool,
    pub total: i64,
}
