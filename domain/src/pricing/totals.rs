//! The sum of a cart. One rounding rule: tax is rounded half up to whole minor units, once for each
//! line and once for shipping; sums are sums of rounded parts, so they never depend on an order.

use serde::{Deserialize, Serialize};

use super::rules::{PriceRules, ShippingOption, TaxZone};
use crate::address::Address;

/// Minor units of the shop's currency.
/// `total = subtotal - discount + shipping`, plus `tax` unless the prices include it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Totals {
    pub subtotal: i64,
    pub discount: i64,
    pub shipping: i64,
    pub tax: i64,
    /// Whether `tax` is contained in the prices; it is then not added to `total`.
    pub tax_included: bool,
    pub total: i64,
}

/// A line as pricing sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedLine {
    pub unit_price: i64,
    pub quantity: u32,
}

impl PricedLine {
    pub fn total(&self) -> i64 {
        self.unit_price.saturating_mul(i64::from(self.quantity))
    }
}

/// What an option costs for lines that sum up to `subtotal`.
pub fn shipping_price(option: &ShippingOption, subtotal: i64) -> i64 {
    match option.free_from {
        Some(sum) if subtotal >= sum => 0,
        _ => option.price,
    }
}

/// The totals of a cart. Shipping and tax are zero until the address (and the option) are known.
pub fn totals(lines: &[PricedLine], address: Option<&Address>, option_id: Option<&str>, rules: &PriceRules) -> Totals {
    let sum = |amounts: &mut dyn Iterator<Item = i64>| amounts.fold(0_i64, i64::saturating_add);
    let subtotal = sum(&mut lines.iter().map(PricedLine::total));
    let option = address.and_then(|address| {
        rules.shipping_options(address).iter().find(|option| Some(option.id.as_str()) == option_id)
    });
    let shipping = option.map_or(0, |option| shipping_price(option, subtotal));
    let zone = address.and_then(|address| rules.tax_zone(address));
    let tax = zone.map_or(0, |zone| {
        let on_lines = sum(&mut lines.iter().map(|line| tax_on(line.total(), zone)));
        on_lines.saturating_add(if zone.on_shipping { tax_on(shipping, zone) } else { 0 })
    });
    let tax_included = zone.is_some_and(|zone| zone.included);
    let added = if tax_included { 0 } else { tax };
    let total = subtotal.saturating_add(shipping).saturating_add(added);
    Totals { subtotal, discount: 0, shipping, tax, tax_included, total }
}

/// Tax on (or within) an amount, rounded half up.
fn tax_on(amount: i64, zone: &TaxZone) -> i64 {
    const WHOLE: i128 = 1_000_000;
    let rate = i128::from(zone.rate_ppm);
    let base = if zone.included { WHOLE + rate } else { WHOLE };
    let tax = (i128::from(amount) * rate * 2 + base) / (base * 2);
    i64::try_from(tax).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Recipient;
    use crate::money::Currency;
    use proptest::prelude::*;

    fn rules(rate_ppm: u32, included: bool) -> PriceRules {
        let option = |id: &str, price, free_from| ShippingOption { id: id.into(), name: id.into(), price, free_from };
        PriceRules {
            currency: Currency::EUR,
            shipping_zones: vec![ShippingZone {
                name: "all".into(),
                countries: vec!["*".into()],
                options: vec![option("standard", 490, Some(10_000)), option("express", 1_490, None)],
            }],
            tax_zones: vec![TaxZone {
                name: "de".into(),
                countries: vec!["DE".into()],
                regions: vec![],
                rate_ppm,
                included,
                on_shipping: true,
            }],
        }
    }
    use super::super::rules::ShippingZone;

    fn address(country: &str) -> Address {
        let recipient = Recipient {
            name: "A".into(),
            line1: "B".into(),
            line2: None,
            city: "C".into(),
            postal_code: "1".into(),
            phone: None,
        };
        Address { recipient: recipient.into(), country: country.into(), region: None }
    }

    #[test]
    fn exclusive_tax_is_added() {
        let lines = [PricedLine { unit_price: 1_000, quantity: 2 }];
        let totals = totals(&lines, Some(&address("DE")), Some("standard"), &rules(190_000, false));
        assert_eq!(
            (totals.subtotal, totals.shipping, totals.tax, totals.total),
            (2_000, 490, 380 + 93, 2_000 + 490 + 473)
        );
    }

    #[test]
    fn inclusive_tax_is_contained() {
        let lines = [PricedLine { unit_price: 1_190, quantity: 1 }];
        let totals = totals(&lines, Some(&address("DE")), None, &rules(190_000, true));
        assert_eq!((totals.tax, totals.total, totals.tax_included), (190, 1_190, true));
    }

    #[test]
    fn shipping_is_free_from_a_sum_and_tax_ends_at_the_border() {
        let lines = [PricedLine { unit_price: 10_000, quantity: 1 }];
        let totals = totals(&lines, Some(&address("FR")), Some("standard"), &rules(190_000, false));
        assert_eq!((totals.shipping, totals.tax, totals.total), (0, 0, 10_000));
    }

    fn lines() -> impl Strategy<Value = Vec<PricedLine>> {
        let line = (0..1_000_000_000_i64, 1..1_000_u32);
        prop::collection::vec(line.prop_map(|(unit_price, quantity)| PricedLine { unit_price, quantity }), 0..40)
    }

    proptest! {
        #[test]
        fn the_whole_is_the_sum_of_its_parts_in_any_order(
            lines in lines(), rate in 0..1_000_000_u32, included: bool, express: bool, seed: u64,
        ) {
            let rules = rules(rate, included);
            let option = if express { "express" } else { "standard" };
            let one = totals(&lines, Some(&address("DE")), Some(option), &rules);
            prop_assert!(one.subtotal >= 0 && one.tax >= 0 && one.shipping >= 0 && one.total >= 0);
            let added = if included { 0 } else { one.tax };
            prop_assert_eq!(one.total, one.subtotal - one.discount + one.shipping + added);
            if included { prop_assert!(one.tax <= one.total); }

            let mut shuffled = lines.clone();
            shuffled.sort_by_key(|line| (line.unit_price as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            prop_assert_eq!(totals(&shuffled, Some(&address("DE")), Some(option), &rules), one);
        }
    }
}
