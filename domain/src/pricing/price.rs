//! From a basket to what is to be paid.
//!
//! One rounding rule: every tax is rounded half up to whole minor units, once for each line and once for
//! shipping; every discount is rounded half up once and spread over its lines by the largest remainder. Sums
//! are sums of rounded parts, so they never depend on an order.
//!
//! Thresholds (free shipping from a sum, the minimum of a discount) look at the lines before any discount, so
//! that no discount can take another one's ground away. Tax is on what is left after discounts.

use super::basket::{Basket, Line};
use super::discounts::Discount;
use super::eligible::{hindrance, is_asked_for};
use super::reason::{Reason, Reasons};
use super::reduction::{Use, best};
use super::rules::PriceRules;
use super::shipping::quote;
use super::tax::tax_on;
use super::totals::Totals;
use crate::id::VariantId;

/// What a basket costs, in minor units of the shop's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    pub totals: Totals,
    /// In the order of the basket.
    pub lines: Vec<LinePrice>,
    pub shipping: ShippingPrice,
    /// Those that take something off, by id.
    pub discounts: Vec<Applied>,
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinePrice {
    pub variant_id: VariantId,
    /// Quantity times price.
    pub subtotal: i64,
    pub discount: i64,
    /// On what is left after the discount; contained in it where the prices include tax.
    pub tax: i64,
    /// What is paid for the line.
    pub total: i64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ShippingPrice {
    pub price: i64,
    pub discount: i64,
    pub tax: i64,
}

/// A discount with what it takes off in all; `shipping` is the part of it off shipping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub id: String,
    pub code: Option<String>,
    pub title: String,
    pub amount: i64,
    pub shipping: i64,
}

/// Prices a basket. Shipping and tax are zero until the address (and the option) are known. A code that does
/// not apply has no effect but its reason.
pub fn price(basket: &Basket<'_>, rules: &PriceRules) -> Priced {
    let mut reasons = Reasons::new(rules.currency);
    let quote = quote(basket, rules);
    reasons.shipping(quote.as_ref(), basket, rules);
    let shipping = quote.map_or(0, |quote| quote.price);
    let uses = best(&eligible(basket, rules, &mut reasons), basket, shipping);
    tell_unused(basket, rules, &uses, &mut reasons);

    let zone = basket.address.and_then(|address| rules.tax_zone(address));
    let tax_included = zone.is_some_and(|zone| zone.included);
    let off_shipping = uses.iter().map(|used| used.shipping).fold(0, i64::saturating_add);
    let shipping_tax =
        zone.filter(|zone| zone.on_shipping).map_or(0, |zone| tax_on((shipping - off_shipping).max(0), zone));
    let shipping = ShippingPrice { price: shipping, discount: off_shipping, tax: shipping_tax };
    uses.iter().for_each(|used| reasons.off_shipping(used));
    match zone {
        None => reasons.no_tax(basket),
        Some(zone) if zone.on_shipping && quote.is_some() => reasons.tax_on_shipping(zone, &shipping),
        Some(_) => {}
    }

    let mut lines = Vec::with_capacity(basket.lines.len());
    for (index, line) in basket.lines.iter().enumerate() {
        let mut line = LinePrice::undiscounted(line);
        for used in &uses {
            line.discount = line.discount.saturating_add(used.lines[index]);
            reasons.off_line(used, line.variant_id, used.lines[index]);
        }
        let net = line.subtotal - line.discount;
        line.tax = zone.map_or(0, |zone| tax_on(net, zone));
        line.total = net.saturating_add(if tax_included { 0 } else { line.tax });
        if let Some(zone) = zone {
            reasons.tax_on_line(zone, &line);
        }
        lines.push(line);
    }
    let totals = totals(&lines, &shipping, tax_included);
    Priced { totals, lines, shipping, discounts: applied(&uses), reasons: reasons.finish() }
}

fn totals(lines: &[LinePrice], shipping: &ShippingPrice, tax_included: bool) -> Totals {
    let sum = |start: i64, part: fn(&LinePrice) -> i64| lines.iter().map(part).fold(start, i64::saturating_add);
    let (subtotal, discount) = (sum(0, |line| line.subtotal), sum(shipping.discount, |line| line.discount));
    let tax = sum(shipping.tax, |line| line.tax);
    let added = if tax_included { 0 } else { tax };
    let total = subtotal.saturating_add(shipping.price).saturating_sub(discount).saturating_add(added);
    Totals { subtotal, discount, shipping: shipping.price, tax, tax_included, total }
}

/// The discounts that may apply; what hinders those of the basket's codes is told.
fn eligible<'a>(basket: &Basket<'_>, rules: &'a PriceRules, reasons: &mut Reasons) -> Vec<&'a Discount> {
    let mut codes: Vec<&str> = basket.codes.iter().map(String::as_str).collect();
    codes.sort_unstable();
    for code in codes {
        if rules.discount_of_code(code).is_none() {
            reasons.unknown_code(code);
        }
    }
    let mut eligible = Vec::new();
    for discount in rules.discounts.iter().filter(|discount| is_asked_for(discount, basket)) {
        match hindrance(discount, basket) {
            None => eligible.push(discount),
            Some(hindrance) if discount.code.is_some() => reasons.hindered(discount, hindrance),
            Some(_) => {}
        }
    }
    eligible
}

fn tell_unused(basket: &Basket<'_>, rules: &PriceRules, uses: &[Use<'_>], reasons: &mut Reasons) {
    let may_apply = |discount: &&Discount| is_asked_for(discount, basket) && hindrance(discount, basket).is_none();
    for discount in rules.discounts.iter().filter(may_apply) {
        match uses.iter().find(|used| used.discount.id == discount.id) {
            None => reasons.beaten(discount),
            Some(used) if used.amount() == 0 => reasons.without_effect(discount),
            Some(_) => {}
        }
    }
}

fn applied(uses: &[Use<'_>]) -> Vec<Applied> {
    let mut applied: Vec<Applied> = uses
        .iter()
        .filter(|used| used.amount() > 0)
        .map(|used| {
            let Discount { id, code, title, .. } = used.discount;
            let (amount, shipping) = (used.amount(), used.shipping);
            Applied { id: id.clone(), code: code.clone(), title: title.clone(), amount, shipping }
        })
        .collect();
    applied.sort_by(|a, b| a.id.cmp(&b.id));
    applied
}

impl LinePrice {
    fn undiscounted(line: &Line<'_>) -> Self {
        let subtotal = line.subtotal();
        Self { variant_id: line.variant_id, subtotal, discount: 0, tax: 0, total: subtotal }
    }
}
