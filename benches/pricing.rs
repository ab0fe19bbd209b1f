//! What pricing a full cart costs: 500 lines with every kind of rule. Wanted: under 5 ms.
//!
//! `cargo bench --bench pricing`.

use criterion::{Criterion, criterion_group, criterion_main};
use souk_domain::address::{Address, Recipient};
use souk_domain::cart::state::{MAX_LINES, MAX_QUANTITY};
use souk_domain::id::VariantId;
use souk_domain::pricing::basket::{Basket, Line};
use souk_domain::pricing::price::price;
use souk_domain::pricing::rules::PriceRules;
use souk_domain::time::Timestamp;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn rules() -> PriceRules {
    let tiers: Vec<_> =
        (1..20).map(|step| serde_json::json!({ "up_to_grams": step * 1_000_000, "price": step * 500 })).collect();
    let mut discounts = vec![
        serde_json::json!({ "id": "free", "title": "Free", "combinable": true, "effect": { "kind": "free_shipping" } }),
        serde_json::json!({ "id": "third", "title": "Third", "combinable": true, "scope": { "categories": ["kind-3"] },
            "effect": { "kind": "buy_x_get_y", "buy": 2, "get": 1, "rate_ppm": 500_000 } }),
        serde_json::json!({ "id": "five", "title": "Five", "combinable": true,
            "effect": { "kind": "amount", "amount": 12_345 } }),
    ];
    // Exclusive ones, each of which is weighed against the rest.
    for number in 0..20 {
        discounts.push(serde_json::json!({ "id": format!("d{number}"), "title": "Some", "code": format!("D{number}"),
            "scope": { "vendors": ["Kiln"] }, "effect": { "kind": "percentage", "rate_ppm": 10_000 + number } }));
    }
    let rules = serde_json::json!({
        "currency": "EUR",
        "shipping_zones": [{ "name": "All", "countries": ["*"],
            "options": [{ "id": "parcel", "name": "Parcel", "price": 99_000, "by_weight": tiers }] }],
        "tax_zones": [{ "name": "Germany", "countries": ["DE"], "rate_ppm": 190_000, "included": true, "on_shipping": true }],
        "discounts": discounts,
    });
    let rules: PriceRules = serde_json::from_value(rules).expect("rules");
    rules.validate().expect("valid rules");
    rules
}

fn full_cart(bench: &mut Criterion) {
    let rules = rules();
    let categories: Vec<Vec<String>> =
        (0..MAX_LINES).map(|number| (0..5).map(|kind| format!("kind-{}", (number + kind) % 11)).collect()).collect();
    let lines: Vec<Line<'_>> = (0_u32..)
        .zip(&categories)
        .map(|(number, categories)| Line {
            variant_id: VariantId::from_uuid(Uuid::from_u128(u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            quantity: number % MAX_QUANTITY + 1,
            unit_price: i64::from(number * 7_919 % 100_000),
            grams: number % 2_000,
            handle: "thing",
            vendor: if number % 2 == 0 { "Kiln" } else { "Forge" },
            categories,
        })
        .collect();
    let recipient = Recipient {
        name: "Ada".into(),
        line1: "1 Main St".into(),
        line2: None,
        city: "Town".into(),
        postal_code: "1".into(),
        phone: None,
    };
    let address = Address { recipient: recipient.into(), country: "DE".into(), region: None };
    let codes: Vec<String> = (0..20).map(|number| format!("d{number}")).collect();
    let basket = Basket {
        lines: &lines,
        address: Some(&address),
        shipping_option_id: Some("parcel"),
        codes: &codes,
        at: Timestamp::from_millis(1_700_000_000_000),
    };
    let priced = price(&basket, &rules);
    assert!(priced.totals.discount > 0 && priced.totals.tax > 0 && priced.reasons.len() > MAX_LINES);
    bench.bench_function("price of 500 lines with every kind of rule", |bencher| {
        bencher.iter(|| price(&basket, &rules))
    });
}

criterion_group!(benches, full_cart);
criterion_main!(benches);
