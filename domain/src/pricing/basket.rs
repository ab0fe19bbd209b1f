//! What is priced: lines, where they go, and what was asked for.

use crate::address::Address;
use crate::id::VariantId;
use crate::time::Timestamp;

/// A line as pricing sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    pub variant_id: VariantId,
    pub quantity: u32,
    /// Minor units.
    pub unit_price: i64,
    /// The weight of one unit.
    pub grams: u32,
    pub handle: &'a str,
    pub vendor: &'a str,
    pub categories: &'a [String],
}

impl Line<'_> {
    /// Quantity times price, in minor units.
    pub fn subtotal(&self) -> i64 {
        self.unit_price.saturating_mul(i64::from(self.quantity))
    }

    pub fn grams(&self) -> u64 {
        u64::from(self.grams) * u64::from(self.quantity)
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Basket<'a> {
    pub lines: &'a [Line<'a>],
    /// Unknown: no shipping, no tax, and no discount that depends on the country.
    pub address: Option<&'a Address>,
    pub shipping_option_id: Option<&'a str>,
    pub codes: &'a [String],
    /// What is in force then is what counts.
    pub at: Timestamp,
}

impl Basket<'_> {
    /// The sum of the lines before any discount, in minor units.
    pub fn subtotal(&self) -> i64 {
        self.lines.iter().map(Line::subtotal).fold(0, i64::saturating_add)
    }

    pub fn grams(&self) -> u64 {
        self.lines.iter().map(Line::grams).fold(0, u64::saturating_add)
    }

    /// Each line's place in an order that does not depend on how the lines came in.
    pub fn ranks(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|&index| {
            let line = &self.lines[index];
            (line.variant_id, line.unit_price, line.quantity)
        });
        let mut ranks = vec![0; order.len()];
        for (rank, index) in order.into_iter().enumerate() {
            ranks[index] = rank;
        }
        ranks
    }
}
