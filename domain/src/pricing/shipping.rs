//! What shipping costs, and by which rule.

use super::basket::Basket;
use super::rules::{PriceRules, ShippingOption, ShippingZone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShippingRule {
    Flat,
    ByWeight,
    FreeFrom,
}

/// The chosen option with its price for the basket, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Quote<'a> {
    pub zone: &'a ShippingZone,
    pub option: &'a ShippingOption,
    pub price: i64,
    pub rule: ShippingRule,
}

/// None before address and option are known, or when the option does not go there.
pub fn quote<'a>(basket: &Basket<'_>, rules: &'a PriceRules) -> Option<Quote<'a>> {
    let zone = rules.shipping_zone(basket.address?)?;
    let option = zone.options.iter().find(|option| Some(option.id.as_str()) == basket.shipping_option_id)?;
    let (price, rule) = option.price_for(basket.subtotal(), basket.grams());
    Some(Quote { zone, option, price, rule })
}

impl ShippingOption {
    /// The price for lines of this sum (before discounts, minor units) and weight.
    pub fn price_for(&self, subtotal: i64, grams: u64) -> (i64, ShippingRule) {
        if self.free_from.is_some_and(|sum| subtotal >= sum) {
            return (0, ShippingRule::FreeFrom);
        }
        match self.by_weight.iter().find(|tier| grams <= tier.up_to_grams) {
            Some(tier) => (tier.price, ShippingRule::ByWeight),
            None if self.by_weight.is_empty() => (self.price, ShippingRule::Flat),
            None => (self.price, ShippingRule::ByWeight),
        }
    }
}
