//! Which discounts a basket may have, and what hinders the others.

use super::basket::Basket;
use super::discounts::{Discount, Scope};

/// Why a discount does not apply to a basket. The first of these that is so, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    NotBegun,
    Ended,
    /// It is for some countries, and the address is not known yet.
    AddressUnknown,
    Country,
    /// The lines do not reach its minimum.
    Minimum,
    NoMatchingLine,
}

/// None: nothing hinders it. An empty basket is no hindrance to a discount on everything.
pub fn hindrance(discount: &Discount, basket: &Basket<'_>) -> Option<Hindrance> {
    let Discount { minimum_subtotal, countries, starts_at, ends_at, scope, .. } = discount;
    if starts_at.is_some_and(|start| basket.at < start) {
        return Some(Hindrance::NotBegun);
    }
    if ends_at.is_some_and(|end| basket.at >= end) {
        return Some(Hindrance::Ended);
    }
    if !countries.is_empty() {
        match basket.address {
            None => return Some(Hindrance::AddressUnknown),
            Some(address) if !countries.iter().any(|country| country.eq_ignore_ascii_case(&address.country)) => {
                return Some(Hindrance::Country);
            }
            Some(_) => {}
        }
    }
    if basket.subtotal() < *minimum_subtotal {
        return Some(Hindrance::Minimum);
    }
    let matches = *scope == Scope::All || basket.lines.iter().any(|line| scope.has(line));
    (!matches).then_some(Hindrance::NoMatchingLine)
}

/// Whether the basket asks for it: it needs no code, or its code is there.
pub fn is_asked_for(discount: &Discount, basket: &Basket<'_>) -> bool {
    discount.code.is_none() || basket.codes.iter().any(|code| discount.has_code(code))
}
