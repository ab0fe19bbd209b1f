//! Why a cart costs what it costs: for each part a code for machines and a sentence for people.

use serde::{Deserialize, Serialize};

use super::basket::Basket;
use super::discounts::Discount;
use super::eligible::Hindrance;
use super::price::{LinePrice, ShippingPrice};
use super::reduction::Use;
use super::rules::{PriceRules, TaxZone};
use super::shipping::{Quote, ShippingRule};
use crate::id::VariantId;
use crate::money::{Currency, Money};

/// Reasons that are told of one cart; what goes beyond is counted by the last one.
pub const MAX_REASONS: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    ShippingFlat,
    ShippingByWeight,
    ShippingFreeFrom,
    /// The shop does not ship to the address.
    ShippingNotOffered,
    TaxAdded,
    TaxIncluded,
    /// No tax zone names the address.
    TaxNone,
    DiscountOnLine,
    DiscountOnShipping,
    /// The shop no longer has a discount of this code.
    DiscountUnknown,
    DiscountNotBegun,
    DiscountEnded,
    /// It depends on the country, which is not known yet.
    DiscountNeedsAddress,
    DiscountCountry,
    DiscountMinimum,
    DiscountNoMatchingLine,
    /// Others take more off, and they do not go together.
    DiscountBeaten,
    /// It applies, but there is nothing to take off, such as shipping that is not chosen yet.
    DiscountWithoutEffect,
    /// There are more reasons than are told.
    More,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: ReasonCode,
    pub message: String,
    /// Minor units that this adds (shipping, tax) or takes off (discounts).
    pub amount: Option<i64>,
    /// The line it is about; none: the whole.
    pub variant_id: Option<VariantId>,
    /// The code of the discount it is about, where that has one.
    pub discount_code: Option<String>,
    pub values: ReasonValues,
}

/// What the message is made of, for whoever says it in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReasonValues {
    /// The shop's name of the shipping zone or the tax zone.
    pub zone: Option<String>,
    /// The shop's name of the shipping option.
    pub option: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The title of the discount.
    pub discount: Option<String>,
    pub rate_ppm: Option<u32>,
    pub grams: Option<u64>,
    /// Minor units: what the tax is taken of, where free shipping begins, or the least that a discount needs.
    pub sum: Option<i64>,
    /// How many more reasons there are.
    pub count: Option<u64>,
}

impl Reason {
    fn new(code: ReasonCode, message: impl Into<String>) -> Self {
        let values = ReasonValues::default();
        Self { code, message: message.into(), amount: None, variant_id: None, discount_code: None, values }
    }

    fn of(discount: &Discount, code: ReasonCode, message: String) -> Self {
        let values = ReasonValues { discount: Some(discount.title.clone()), ..ReasonValues::default() };
        Self { discount_code: discount.code.clone(), values, ..Self::new(code, message) }
    }
}

/// What is told about the whole comes first, then line by line in the basket's order.
pub(super) struct Reasons {
    currency: Currency,
    told: Vec<Reason>,
    untold: usize,
}

impl Reasons {
    pub fn new(currency: Currency) -> Self {
        Self { currency, told: Vec::new(), untold: 0 }
    }

    pub fn finish(mut self) -> Vec<Reason> {
        if self.untold > 0 {
            let values = ReasonValues { count: u64::try_from(self.untold).ok(), ..ReasonValues::default() };
            let message = format!("and {} more", self.untold);
            self.told.push(Reason { values, ..Reason::new(ReasonCode::More, message) });
        }
        self.told
    }

    fn push(&mut self, reason: Reason) {
        if self.told.len() < MAX_REASONS {
            self.told.push(reason);
        } else {
            self.untold += 1;
        }
    }

    fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }

    pub fn shipping(&mut self, quote: Option<&Quote<'_>>, basket: &Basket<'_>, rules: &PriceRules) {
        let reason = match (quote, basket.address) {
            (Some(Quote { zone, option, price, rule }), _) => {
                let mut values = ReasonValues {
                    zone: Some(zone.name.clone()),
                    option: Some(option.name.clone()),
                    country: basket.address.map(|address| address.country.clone()),
                    ..ReasonValues::default()
                };
                let (code, how) = match rule {
                    ShippingRule::Flat => (ReasonCode::ShippingFlat, "a flat price".to_owned()),
                    ShippingRule::ByWeight => {
                        values.grams = Some(basket.grams());
                        (ReasonCode::ShippingByWeight, format!("for {} g", basket.grams()))
                    }
                    ShippingRule::FreeFrom => {
                        let sum = option.free_from.unwrap_or_default();
                        values.sum = Some(sum);
                        (ReasonCode::ShippingFreeFrom, format!("free from {} on", self.money(sum)))
                    }
                };
                let message = format!("{} to {}: {how}", option.name, zone.name);
                Reason { amount: Some(*price), values, ..Reason::new(code, message) }
            }
            (None, Some(address)) if rules.shipping_zone(address).is_none() => {
                let message = format!("the shop does not ship to {}", address.country);
                let values = ReasonValues { country: Some(address.country.clone()), ..ReasonValues::default() };
                Reason { values, ..Reason::new(ReasonCode::ShippingNotOffered, message) }
            }
            (None, _) => return,
        };
        self.push(reason);
    }

    pub fn no_tax(&mut self, basket: &Basket<'_>) {
        if let Some(address) = basket.address {
            let message = format!("no tax is taken in {}", address.country);
            let values = ReasonValues { country: Some(address.country.clone()), ..ReasonValues::default() };
            self.push(Reason { values, ..Reason::new(ReasonCode::TaxNone, message) });
        }
    }

    pub fn tax_on_shipping(&mut self, zone: &TaxZone, shipping: &ShippingPrice) {
        let reason = self.tax(zone, "shipping of", shipping.price - shipping.discount, shipping.tax);
        self.push(reason);
    }

    pub fn tax_on_line(&mut self, zone: &TaxZone, line: &LinePrice) {
        let reason = self.tax(zone, "", line.subtotal - line.discount, line.tax);
        self.push(Reason { variant_id: Some(line.variant_id), ..reason });
    }

    fn tax(&self, zone: &TaxZone, what: &str, base: i64, tax: i64) -> Reason {
        let (code, how) =
            if zone.included { (ReasonCode::TaxIncluded, "within") } else { (ReasonCode::TaxAdded, "on") };
        let gap = if what.is_empty() { "" } else { " " };
        let message = format!("{}: {} {how} {what}{gap}{}", zone.name, percent(zone.rate_ppm), self.money(base));
        let values = ReasonValues {
            zone: Some(zone.name.clone()),
            rate_ppm: Some(zone.rate_ppm),
            sum: Some(base),
            ..ReasonValues::default()
        };
        Reason { amount: Some(tax), values, ..Reason::new(code, message) }
    }

    pub fn off_shipping(&mut self, used: &Use<'_>) {
        if used.shipping > 0 {
            let message = format!("{}: {} off shipping", used.discount.title, self.money(used.shipping));
            let reason = Reason::of(used.discount, ReasonCode::DiscountOnShipping, message);
            self.push(Reason { amount: Some(used.shipping), ..reason });
        }
    }

    pub fn off_line(&mut self, used: &Use<'_>, variant_id: VariantId, off: i64) {
        if off > 0 {
            let message = format!("{}: {} off", used.discount.title, self.money(off));
            let reason = Reason::of(used.discount, ReasonCode::DiscountOnLine, message);
            self.push(Reason { amount: Some(off), variant_id: Some(variant_id), ..reason });
        }
    }

    pub fn unknown_code(&mut self, code: &str) {
        let message = format!("{code}: the shop no longer has this discount");
        self.push(Reason { discount_code: Some(code.to_owned()), ..Reason::new(ReasonCode::DiscountUnknown, message) });
    }

    pub fn hindered(&mut self, discount: &Discount, hindrance: Hindrance) {
        let (code, why) = match hindrance {
            Hindrance::NotBegun => (ReasonCode::DiscountNotBegun, "has not begun yet".to_owned()),
            Hindrance::Ended => (ReasonCode::DiscountEnded, "has ended".to_owned()),
            Hindrance::AddressUnknown => (ReasonCode::DiscountNeedsAddress, "depends on the country".to_owned()),
            Hindrance::Country => (ReasonCode::DiscountCountry, "is not for the country of the address".to_owned()),
            Hindrance::Minimum => {
                let minimum = self.money(discount.minimum_subtotal);
                (ReasonCode::DiscountMinimum, format!("needs items for {minimum} or more"))
            }
            Hindrance::NoMatchingLine => {
                (ReasonCode::DiscountNoMatchingLine, "is for items that are not in the cart".to_owned())
            }
        };
        let mut reason = Reason::of(discount, code, format!("{} {why}", discount.title));
        reason.values.sum = (hindrance == Hindrance::Minimum).then_some(discount.minimum_subtotal);
        self.push(reason);
    }

    pub fn beaten(&mut self, discount: &Discount) {
        let message = format!("{} does not go together with what takes more off", discount.title);
        self.push(Reason::of(discount, ReasonCode::DiscountBeaten, message));
    }

    pub fn without_effect(&mut self, discount: &Discount) {
        let message = format!("{} has nothing to take off yet", discount.title);
        self.push(Reason::of(discount, ReasonCode::DiscountWithoutEffect, message));
    }
}

/// `88_750` is `8.875 %`.
fn percent(rate_ppm: u32) -> String {
    let (whole, fraction) = (rate_ppm / 10_000, format!("{:04}", rate_ppm % 10_000));
    match fraction.trim_end_matches('0') {
        "" => format!("{whole} %"),
        fraction => format!("{whole}.{fraction} %"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn rates_are_shown_in_percent() {
        let shown = [88_750, 190_000, 1, 1_000_000].map(super::percent);
        assert_eq!(shown, ["8.875 %", "19 %", "0.0001 %", "100 %"]);
    }
}
