//! What discounts take off, and which of them go together.
//!
//! All combinable discounts that may apply do so together; an exclusive one applies alone. Of these
//! possibilities the one that takes most off (from lines and shipping, before tax) wins; where they take off
//! the same, the combinable ones win, then the exclusive one with the smaller id.
//!
//! Together they apply in fixed stages, each to what the one before left over, and by id within a stage:
//! buy x get y, percentages, amounts, free shipping. So neither the order of lines nor that of codes matters.

use super::basket::Basket;
use super::discounts::{Discount, Effect};
use super::spread::{part, spread};

/// What one discount takes off, in minor units.
#[derive(Debug, Clone)]
pub struct Use<'a> {
    pub discount: &'a Discount,
    /// Off each line, in the order of the basket.
    pub lines: Vec<i64>,
    pub shipping: i64,
}

impl Use<'_> {
    pub fn amount(&self) -> i64 {
        self.lines.iter().fold(self.shipping, |sum, off| sum.saturating_add(*off))
    }
}

/// The best possibility for the buyer among discounts that may all apply.
pub fn best<'a>(eligible: &[&'a Discount], basket: &Basket<'_>, shipping: i64) -> Vec<Use<'a>> {
    let ranks = basket.ranks();
    let (together, mut alone): (Vec<&Discount>, Vec<&Discount>) =
        eligible.iter().copied().partition(|discount| discount.combinable);
    alone.sort_by(|a, b| a.id.cmp(&b.id));
    let mut best = apply(together, basket, &ranks, shipping);
    let mut most = saved(&best);
    for discount in alone {
        let uses = apply(vec![discount], basket, &ranks, shipping);
        // With nothing to compare with, a discount that takes nothing off yet still stands for itself.
        if saved(&uses) > most || best.is_empty() {
            (most, best) = (saved(&uses), uses);
        }
    }
    best
}

fn saved(uses: &[Use<'_>]) -> i64 {
    uses.iter().map(Use::amount).fold(0, i64::saturating_add)
}

fn apply<'a>(
    mut discounts: Vec<&'a Discount>,
    basket: &Basket<'_>,
    ranks: &[usize],
    mut shipping: i64,
) -> Vec<Use<'a>> {
    let stage = |discount: &Discount| match discount.effect {
        Effect::BuyXGetY { .. } => 0,
        Effect::Percentage { .. } => 1,
        Effect::Amount { .. } => 2,
        Effect::FreeShipping => 3,
    };
    discounts.sort_by(|a, b| stage(a).cmp(&stage(b)).then_with(|| a.id.cmp(&b.id)));
    let mut left: Vec<i64> = basket.lines.iter().map(|line| line.subtotal()).collect();
    let mut uses = Vec::with_capacity(discounts.len());
    for discount in discounts {
        let lines = off_lines(discount, basket, &left, ranks);
        for (left, off) in left.iter_mut().zip(&lines) {
            *left -= off;
        }
        let off_shipping = if discount.effect == Effect::FreeShipping { shipping } else { 0 };
        shipping -= off_shipping;
        uses.push(Use { discount, lines, shipping: off_shipping });
    }
    uses
}

/// What a discount takes off each line of which so much is `left`. Rounded once for the whole discount, and
/// spread over the lines by the largest remainder.
fn off_lines(discount: &Discount, basket: &Basket<'_>, left: &[i64], ranks: &[usize]) -> Vec<i64> {
    let (weights, off) = match discount.effect {
        Effect::FreeShipping => return vec![0; left.len()],
        Effect::Percentage { rate_ppm } => {
            let weights = in_scope(discount, basket, left);
            let off = part(sum(&weights), rate_ppm);
            (weights, off)
        }
        Effect::Amount { amount } => (in_scope(discount, basket, left), amount),
        Effect::BuyXGetY { buy, get, rate_ppm } => {
            let weights = cheapest(discount, basket, left, ranks, (buy, get));
            let off = part(sum(&weights), rate_ppm);
            (weights, off)
        }
    };
    spread(off, &weights, ranks)
}

fn in_scope(discount: &Discount, basket: &Basket<'_>, left: &[i64]) -> Vec<i64> {
    let weight = |(line, left)| if discount.scope.has(line) { left } else { 0 };
    basket.lines.iter().zip(left.iter().copied()).map(weight).collect()
}

/// What the cheapest units cost: `get` of each `buy + get` in scope.
fn cheapest(
    discount: &Discount,
    basket: &Basket<'_>,
    left: &[i64],
    ranks: &[usize],
    (buy, get): (u32, u32),
) -> Vec<i64> {
    let mut matching: Vec<usize> =
        (0..basket.lines.len()).filter(|&index| discount.scope.has(&basket.lines[index])).collect();
    matching.sort_by_key(|&index| (basket.lines[index].unit_price, ranks[index]));
    let units: u64 = matching.iter().map(|&index| u64::from(basket.lines[index].quantity)).sum();
    let (buy, get) = (u64::from(buy), u64::from(get));
    let mut cheaper = units / (buy + get) * get;
    let mut weights = vec![0; left.len()];
    for index in matching {
        let line = &basket.lines[index];
        let of_line = cheaper.min(u64::from(line.quantity));
        cheaper -= of_line;
        let cost = line.unit_price.saturating_mul(i64::try_from(of_line).unwrap_or(i64::MAX));
        weights[index] = cost.min(left[index]);
    }
    weights
}

fn sum(amounts: &[i64]) -> i64 {
    amounts.iter().fold(0, |sum, amount| sum.saturating_add(*amount))
}
