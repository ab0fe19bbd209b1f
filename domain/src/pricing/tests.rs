use proptest::prelude::*;
use uuid::Uuid;

use super::basket::{Basket, Line};
use super::discounts::{Discount, Effect, Scope};
use super::price::{Priced, price};
use super::reason::{ReasonCode, ReasonValues};
use super::rules::{PriceRules, ShippingOption, ShippingZone, TaxZone, WeightTier};
use crate::address::{Address, Recipient};
use crate::id::VariantId;
use crate::money::Currency;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

fn rules(rate_ppm: u32, included: bool, discounts: Vec<Discount>) -> PriceRules {
    let option = |id: &str, price, free_from, by_weight| ShippingOption {
        id: id.into(),
        name: id.into(),
        price,
        free_from,
        by_weight,
        days: None,
    };
    let tiers = vec![WeightTier { up_to_grams: 500, price: 300 }, WeightTier { up_to_grams: 2_000, price: 600 }];
    PriceRules {
        currency: Currency::EUR,
        shipping_zones: vec![ShippingZone {
            name: "Germany".into(),
            countries: vec!["DE".into(), "FR".into()],
            options: vec![
                option("standard", 490, Some(10_000), vec![]),
                option("express", 1_490, None, vec![]),
                option("parcel", 1_000, None, tiers),
            ],
        }],
        tax_zones: vec![TaxZone {
            name: "Germany".into(),
            countries: vec!["DE".into()],
            regions: vec![],
            rate_ppm,
            included,
            on_shipping: true,
        }],
        discounts,
    }
}

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

fn discount(id: &str, effect: Effect) -> Discount {
    Discount {
        id: id.into(),
        title: id.into(),
        code: Some(id.to_uppercase()),
        minimum_subtotal: 0,
        countries: vec![],
        starts_at: None,
        ends_at: None,
        combinable: false,
        limit: None,
        limit_per_customer: None,
        scope: Scope::All,
        effect,
    }
}

/// A line that owns what it names.
#[derive(Debug, Clone)]
struct Item {
    number: u128,
    unit_price: i64,
    quantity: u32,
    handle: String,
    categories: Vec<String>,
}

fn item(number: u128, unit_price: i64, quantity: u32) -> Item {
    let (handle, categories) = (format!("thing-{}", number % 3), vec![format!("kind-{}", number % 2)]);
    Item { number, unit_price, quantity, handle, categories }
}

#[derive(Debug, Clone, Copy)]
struct To<'a> {
    country: Option<&'a str>,
    option: &'a str,
}

const GERMANY: To<'_> = To { country: Some("DE"), option: "standard" };

fn priced(items: &[Item], codes: &[&str], to: To<'_>, rules: &PriceRules) -> Priced {
    let lines: Vec<Line<'_>> = items
        .iter()
        .map(|item| Line {
            variant_id: VariantId::from_uuid(Uuid::from_u128(item.number)),
            quantity: item.quantity,
            unit_price: item.unit_price,
            grams: 100,
            handle: &item.handle,
            vendor: "Kiln",
            categories: &item.categories,
        })
        .collect();
    let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
    let address = to.country.map(address);
    let basket = Basket {
        lines: &lines,
        address: address.as_ref(),
        shipping_option_id: Some(to.option),
        codes: &codes,
        at: NOW,
    };
    price(&basket, rules)
}

fn codes_of(priced: &Priced) -> Vec<ReasonCode> {
    priced.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn exclusive_tax_is_added() {
    let priced = priced(&[item(1, 1_000, 2)], &[], GERMANY, &rules(190_000, false, vec![]));
    let totals = priced.totals;
    assert_eq!((totals.subtotal, totals.shipping, totals.tax, totals.total), (2_000, 490, 380 + 93, 2_000 + 490 + 473));
    assert_eq!(codes_of(&priced), [ReasonCode::ShippingFlat, ReasonCode::TaxAdded, ReasonCode::TaxAdded]);
    assert_eq!(priced.reasons[2].message, "Germany: 19 % on 20.00 EUR");
    let ReasonValues { zone, rate_ppm, sum, .. } = &priced.reasons[2].values;
    assert_eq!((zone.as_deref(), *rate_ppm, *sum), (Some("Germany"), Some(190_000), Some(2_000)));
}

#[test]
fn inclusive_tax_is_contained() {
    let to = To { option: "none", ..GERMANY };
    let totals = priced(&[item(1, 1_190, 1)], &[], to, &rules(190_000, true, vec![])).totals;
    assert_eq!((totals.tax, totals.total, totals.tax_included), (190, 1_190, true));
}

#[test]
fn shipping_is_free_from_a_sum_and_tax_ends_at_the_border() {
    let to = To { country: Some("FR"), ..GERMANY };
    let priced = priced(&[item(1, 10_000, 1)], &[], to, &rules(190_000, false, vec![]));
    assert_eq!((priced.totals.shipping, priced.totals.tax, priced.totals.total), (0, 0, 10_000));
    assert_eq!(codes_of(&priced), [ReasonCode::ShippingFreeFrom, ReasonCode::TaxNone]);
}

#[test]
fn weight_chooses_the_tier() {
    let to = To { option: "parcel", ..GERMANY };
    let rules = rules(0, false, vec![]);
    let shipping = |quantity| priced(&[item(1, 10, quantity)], &[], to, &rules).totals.shipping;
    assert_eq!([5, 6, 20, 21].map(shipping), [300, 600, 600, 1_000]);
    let nowhere = priced(&[item(1, 10, 1)], &[], To { country: Some("US"), ..to }, &rules);
    assert_eq!(codes_of(&nowhere)[0], ReasonCode::ShippingNotOffered);
}

#[test]
fn discounts_come_before_tax_and_are_spread_to_the_last_cent() {
    let ten = discount("ten", Effect::Amount { amount: 1_000 });
    let priced =
        priced(&[item(1, 333, 1), item(2, 333, 1), item(3, 334, 3)], &["ten"], GERMANY, &rules(0, false, vec![ten]));
    let off: Vec<i64> = priced.lines.iter().map(|line| line.discount).collect();
    assert_eq!((off, priced.totals.discount), (vec![200, 199, 601], 1_000));
    let applied = &priced.discounts[0];
    assert_eq!((applied.id.as_str(), applied.code.as_deref(), applied.amount), ("ten", Some("TEN"), 1_000));
}

#[test]
fn free_shipping_takes_the_tax_on_it_along() {
    let rules = rules(190_000, false, vec![discount("free", Effect::FreeShipping)]);
    let priced = priced(&[item(1, 1_000, 1)], &["FREE"], GERMANY, &rules);
    let totals = priced.totals;
    assert_eq!((totals.shipping, totals.discount, totals.tax, totals.total), (490, 490, 190, 1_190));
    assert!(codes_of(&priced).contains(&ReasonCode::DiscountOnShipping));
}

#[test]
fn the_best_for_the_buyer_wins_and_ties_go_by_id() {
    let combinable = |id, effect| Discount { combinable: true, ..discount(id, effect) };
    let ten = Effect::Percentage { rate_ppm: 100_000 };
    let discounts = vec![
        combinable("a", ten.clone()),
        combinable("b", Effect::Amount { amount: 50 }),
        discount("c", Effect::Percentage { rate_ppm: 200_000 }),
        discount("d", Effect::Percentage { rate_ppm: 200_000 }),
    ];
    let rules = rules(0, false, discounts);
    let applied = |codes: &[&str], amount| -> Vec<String> {
        priced(&[item(1, amount, 1)], codes, GERMANY, &rules).discounts.into_iter().map(|used| used.id).collect()
    };
    assert_eq!(applied(&["A", "B"], 1_000), ["a", "b"]);
    assert_eq!(applied(&["A", "B", "C"], 1_000), ["c"], "200 is more than 100 and 50");
    assert_eq!(applied(&["A", "B", "C"], 500), ["a", "b"], "100 is not more than 50 and 50");
    assert_eq!(applied(&["D", "C"], 1_000), ["c"]);
    let beaten = priced(&[item(1, 1_000, 1)], &["D", "C"], GERMANY, &rules);
    assert!(
        beaten.reasons.iter().any(|reason| {
            reason.code == ReasonCode::DiscountBeaten && reason.discount_code.as_deref() == Some("D")
        })
    );
}

#[test]
fn what_hinders_a_code_is_told_and_it_has_no_effect() {
    let ten = || discount("ten", Effect::Percentage { rate_ppm: 100_000 });
    let later = NOW.plus(std::time::Duration::from_secs(1));
    let none = || To { country: None, ..GERMANY };
    for (hindered, to, code) in [
        (Discount { starts_at: Some(later), ..ten() }, GERMANY, ReasonCode::DiscountNotBegun),
        (Discount { ends_at: Some(NOW), ..ten() }, GERMANY, ReasonCode::DiscountEnded),
        (Discount { countries: vec!["FR".into()], ..ten() }, GERMANY, ReasonCode::DiscountCountry),
        (Discount { countries: vec!["FR".into()], ..ten() }, none(), ReasonCode::DiscountNeedsAddress),
        (Discount { minimum_subtotal: 1_001, ..ten() }, GERMANY, ReasonCode::DiscountMinimum),
        (Discount { scope: Scope::Vendors(vec!["X".into()]), ..ten() }, GERMANY, ReasonCode::DiscountNoMatchingLine),
        (
            Discount { id: "other".into(), code: None, minimum_subtotal: 1_001, ..ten() },
            GERMANY,
            ReasonCode::DiscountUnknown,
        ),
    ] {
        let priced = priced(&[item(1, 1_000, 1)], &["TEN"], to, &rules(0, false, vec![hindered]));
        assert_eq!((priced.totals.discount, priced.discounts.len()), (0, 0), "{code:?}");
        assert!(codes_of(&priced).contains(&code), "{code:?}: {:?}", priced.reasons);
    }
    let waits = rules(0, false, vec![discount("ten", Effect::FreeShipping)]);
    let waiting = priced(&[item(1, 1_000, 1)], &["TEN"], To { option: "none", ..GERMANY }, &waits);
    assert!(codes_of(&waiting).contains(&ReasonCode::DiscountWithoutEffect));
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec((0..3_000_000_i64, 1..1_000_u32), 0..30).prop_map(|lines| {
        (1..).zip(lines).map(|(number, (unit_price, quantity))| item(number, unit_price, quantity)).collect()
    })
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (1..=1_000_000_u32).prop_map(|rate_ppm| Effect::Percentage { rate_ppm }),
        (1..5_000_000_000_i64).prop_map(|amount| Effect::Amount { amount }),
        Just(Effect::FreeShipping),
        (1..5_u32, 1..4_u32, 1..=1_000_000_u32).prop_map(|(buy, get, rate_ppm)| Effect::BuyXGetY {
            buy,
            get,
            rate_ppm
        }),
    ]
}

fn discounts() -> impl Strategy<Value = Vec<Discount>> {
    let scope = prop_oneof![
        Just(Scope::All),
        Just(Scope::Products(vec!["thing-1".into()])),
        Just(Scope::Categories(vec!["kind-0".into()])),
        Just(Scope::Vendors(vec!["Kiln".into()])),
    ];
    let one = (effect(), scope, any::<bool>(), any::<bool>(), 0..100_000_i64);
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let made =
            all.into_iter().enumerate().map(|(number, (effect, scope, combinable, by_itself, minimum_subtotal))| {
                let named = discount(&format!("d{number}"), effect);
                let code = named.code.clone().filter(|_| !by_itself);
                Discount { scope, combinable, minimum_subtotal, code, ..named }
            });
        made.collect()
    })
}

fn to() -> impl Strategy<Value = To<'static>> {
    let country = prop::sample::select(vec![None, Some("DE"), Some("FR"), Some("US")]);
    let option = prop::sample::select(vec!["standard", "express", "parcel", "none"]);
    (country, option).prop_map(|(country, option)| To { country, option })
}

const CODES: [&str; 8] = ["D0", "D1", "D2", "D3", "D4", "D5", "D6", "D7"];

proptest! {
    #[test]
    fn the_whole_is_the_sum_of_its_parts_and_nothing_is_negative(
        items in items(), discounts in discounts(), to in to(), rate in 0..=1_000_000_u32, included: bool,
    ) {
        let priced = priced(&items, &CODES, to, &rules(rate, included, discounts));
        let (totals, shipping) = (priced.totals, priced.shipping);
        let sum = |part: fn(&super::price::LinePrice) -> i64| priced.lines.iter().map(part).sum::<i64>();
        prop_assert_eq!(totals.subtotal, sum(|line| line.subtotal));
        prop_assert_eq!(totals.discount, sum(|line| line.discount) + shipping.discount);
        prop_assert_eq!(totals.discount, priced.discounts.iter().map(|used| used.amount).sum::<i64>());
        prop_assert_eq!(totals.tax, sum(|line| line.tax) + shipping.tax);
        let of_shipping = shipping.price - shipping.discount + if totals.tax_included { 0 } else { shipping.tax };
        prop_assert_eq!(totals.total, sum(|line| line.total) + of_shipping);
        let added = if totals.tax_included { 0 } else { totals.tax };
        prop_assert_eq!(totals.total, totals.subtotal - totals.discount + totals.shipping + added);
        prop_assert!(priced.lines.iter().all(|line| (0..=line.subtotal).contains(&line.discount)));
        prop_assert!(priced.lines.iter().all(|line| line.tax >= 0 && line.total >= 0));
        prop_assert!((0..=shipping.price).contains(&shipping.discount) && shipping.tax >= 0 && totals.total >= 0);
        if totals.tax_included { prop_assert!(totals.tax <= totals.total); }
        prop_assert!(priced.discounts.iter().all(|used| used.amount > 0 && (0..=used.amount).contains(&used.shipping)));
    }

    #[test]
    fn the_order_of_lines_codes_and_rules_does_not_matter(
        items in items(), discounts in discounts(), to in to(), rate in 0..=1_000_000_u32, turn in 0..30_usize,
    ) {
        let straight = priced(&items, &CODES, to, &rules(rate, false, discounts.clone()));
        let (mut turned, mut codes, mut reversed) = (items.clone(), CODES.to_vec(), discounts);
        turned.reverse();
        let by = turn % turned.len().max(1);
        turned.rotate_left(by);
        codes.rotate_left(turn % 8);
        reversed.reverse();
        let mut other = priced(&turned, &codes, to, &rules(rate, false, reversed));
        let mut lines = straight.lines.clone();
        lines.sort_by_key(|line| line.variant_id);
        other.lines.sort_by_key(|line| line.variant_id);
        prop_assert_eq!(&lines, &other.lines);
        prop_assert_eq!((straight.totals, straight.shipping), (other.totals, other.shipping));
        prop_assert_eq!(straight.discounts, other.discounts);
    }

    /// No single discount takes off less than what is chosen, and never more than it discounts.
    #[test]
    fn the_buyer_gets_the_best_and_never_more_than_there_is(items in items(), discounts in discounts(), to in to()) {
        let best = priced(&items, &CODES, to, &rules(0, false, discounts.clone())).totals;
        prop_assert!(best.discount <= best.subtotal + best.shipping);
        for single in discounts.iter().filter(|discount| !discount.combinable) {
            let alone = priced(&items, &CODES, to, &rules(0, false, vec![single.clone()])).totals;
            prop_assert!(alone.discount <= best.discount);
            let scope: i64 = items
                .iter()
                .filter(|item| match &single.scope {
                    Scope::Products(handles) => handles.contains(&item.handle),
                    Scope::Categories(names) => item.categories.iter().any(|own| names.contains(own)),
                    Scope::All | Scope::Vendors(_) => true,
                })
                .map(|item| item.unit_price * i64::from(item.quantity))
                .sum();
            let most = match single.effect {
                Effect::FreeShipping => alone.shipping,
                Effect::Amount { amount } => amount.min(scope),
                Effect::Percentage { .. } | Effect::BuyXGetY { .. } => scope,
            };
            prop_assert!(alone.discount <= most);
        }
    }

    /// Tax within an amount is the tax on what remains of it without the tax, but for half a unit.
    #[test]
    fn inclusive_and_exclusive_tax_tell_the_same(amount in 0..1_000_000_000_i64, rate in 0..=1_000_000_u32) {
        let to = To { option: "none", ..GERMANY };
        let within = priced(&[item(1, amount, 1)], &[], to, &rules(rate, true, vec![])).totals.tax;
        let net = amount - within;
        let added = priced(&[item(1, net, 1)], &[], to, &rules(rate, false, vec![])).totals;
        prop_assert!((added.tax - within).abs() <= 1, "{} within, {} added", within, added.tax);
        prop_assert!((added.total - amount).abs() <= 1);
    }

    /// Against the plainest way: all units laid out, the cheapest ones made cheaper.
    #[test]
    fn buy_x_get_y_is_what_laid_out_units_say(
        lines in prop::collection::vec((0..5_000_i64, 1..12_u32), 0..12), buy in 1..5_u32, get in 1..4_u32,
        rate_ppm in 1..=1_000_000_u32,
    ) {
        let items: Vec<Item> = (1..).zip(lines).map(|(n, (price, quantity))| item(n, price, quantity)).collect();
        let rules = rules(0, false, vec![discount("d0", Effect::BuyXGetY { buy, get, rate_ppm })]);
        let priced = priced(&items, &["D0"], GERMANY, &rules);

        let mut units: Vec<i64> =
            items.iter().flat_map(|item| std::iter::repeat_n(item.unit_price, item.quantity as usize)).collect();
        units.sort_unstable();
        let mut cheaper = 0;
        let mut bought = units.len();
        while bought >= (buy + get) as usize {
            bought -= (buy + get) as usize;
            cheaper += get as usize;
        }
        let cost: i128 = units.iter().take(cheaper).map(|price| i128::from(*price)).sum();
        let off = (cost * i128::from(rate_ppm) + 500_000) / 1_000_000;
        prop_assert_eq!(i128::from(priced.totals.discount), off);
    }
}
