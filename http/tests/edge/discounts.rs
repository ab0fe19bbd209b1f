//! Discount codes: what a cart says about them, and what it refuses.

use axum::http::Method;
use serde_json::{Value, json};
use souk_domain::pricing::discounts::Discount;

use super::shop::Shop;

/// What the test shop takes off.
pub fn offered() -> Vec<Discount> {
    let ten = json!({ "kind": "percentage", "rate_ppm": 100_000 });
    let discount = |id: &str, more: Value| {
        let mut discount = json!({ "id": id, "title": id, "code": id.to_uppercase(), "effect": ten });
        for (key, value) in more.as_object().unwrap() {
            discount[key] = value.clone();
        }
        serde_json::from_value(discount).unwrap()
    };
    vec![
        discount("ten", json!({ "combinable": true })),
        discount("free", json!({ "combinable": true, "effect": { "kind": "free_shipping" } })),
        discount("past", json!({ "ends_at": "2001-01-01T00:00:00Z" })),
        discount("future", json!({ "starts_at": "2999-01-01T00:00:00Z" })),
        discount("french", json!({ "countries": ["FR"] })),
        discount("large", json!({ "minimum_subtotal": 1_000_000 })),
        discount("cups", json!({ "scope": { "products": ["cup"] } })),
        discount("once", json!({ "limit": 1 })),
        discount("mine", json!({ "limit_per_customer": 1 })),
    ]
}

#[tokio::test]
async fn a_code_takes_something_off_and_says_where() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let id = shop.filled_cart(&pot, 3).await;
    let path = format!("/api/v1/carts/{id}");
    let cart = shop.patch(&path, json!({ "discount_codes": ["free", "Ten", "TEN"] })).await.expect(200).json();
    let money = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    assert_eq!(cart["discount_codes"], json!(["FREE", "TEN"]), "in the shop's spelling, each once");
    let discounts = json!([
        { "code": "FREE", "title": "free", "amount": money(500) },
        { "code": "TEN", "title": "ten", "amount": money(300) },
    ]);
    assert_eq!(cart["discounts"], discounts);
    let line = &cart["lines"][0];
    assert_eq!((&line["total"], &line["discount"], &line["tax"]), (&money(3_000), &money(300), &money(513)));
    let totals = &cart["totals"];
    assert_eq!((&totals["discount"], &totals["shipping"], &totals["tax"]), (&money(800), &money(500), &money(513)));
    assert_eq!(totals["total"], money(3_000 - 800 + 500 + 513));
    let reasons = cart["reasons"].as_array().unwrap();
    let reason = |code: &str| reasons.iter().find(|reason| reason["code"] == code).unwrap_or(&Value::Null);
    assert_eq!(reason("shipping_flat")["amount"], money(500));
    assert_eq!(reason("discount_on_shipping")["discount_code"], "FREE");
    assert_eq!(reason("discount_on_line")["variant_id"], pot.variant_id);
    assert_eq!(reason("tax_added")["message"], "germany: 19 % on 27.00 USD");

    let order = shop.place(&id, "k").await.expect(201).json();
    assert_eq!((&order["discounts"], &order["totals"]), (&cart["discounts"], &cart["totals"]));
    assert_eq!(order["lines"], cart["lines"]);
}

#[tokio::test]
async fn a_bad_code_is_told_apart_and_changes_nothing() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let path = format!("/api/v1/carts/{}", shop.filled_cart(&pot, 1).await);
    let before = shop.patch(&path, json!({ "discount_codes": ["TEN"] })).await.expect(200).json();
    let with = |code: &str| json!({ "email": "eve@example.com", "discount_codes": ["TEN", code] });

    let unknown = shop.patch(&path, with("NOTHING")).await.expect(422);
    assert_eq!(
        (unknown.code(), unknown.fault()),
        ("discount_unknown".into(), ("/discount_codes/1".into(), "invalid".into()))
    );
    for (code, problem, reason) in [
        ("past", "discount_ended", "discount_ended"),
        ("FUTURE", "discount_not_begun", "discount_not_begun"),
        ("french", "discount_not_applicable", "discount_country"),
        ("large", "discount_not_applicable", "discount_minimum"),
        ("cups", "discount_not_applicable", "discount_no_matching_line"),
    ] {
        let refused = shop.patch(&path, with(code)).await.expect(409);
        assert_eq!(refused.code(), problem, "{code}");
        assert_eq!(refused.json()["items"], json!([{ "code": code.to_uppercase(), "reason": reason }]));
    }
    assert_eq!(shop.get(&path).await.expect(200).json(), before, "nothing changed");
    let none = shop.patch(&path, json!({ "discount_codes": [] })).await.expect(200).json();
    assert_eq!((&none["discount_codes"], &none["totals"]["discount"]["amount"]), (&json!([]), &0.into()));
}

#[tokio::test]
async fn a_code_that_stops_applying_stays_without_effect() {
    let shop = Shop::open().await;
    let (pot, cup) = (shop.product("pot", 5, 1_000).await, shop.product("cup", 5, 300).await);
    let id = shop.filled_cart(&pot, 1).await;
    let path = format!("/api/v1/carts/{id}");
    let line = json!({ "variant_id": cup.variant_id, "quantity": 1 });
    shop.post(&format!("{path}/lines"), line).await.expect(200);
    let cart = shop.patch(&path, json!({ "discount_codes": ["CUPS"] })).await.expect(200).json();
    assert_eq!(cart["totals"]["discount"]["amount"], 30);
    let lines = format!("{path}/lines/{}", cup.variant_id);
    let cart = shop.ask(Method::DELETE, &lines).send().await.expect(200).json();
    assert_eq!((&cart["discount_codes"], &cart["discounts"]), (&json!(["CUPS"]), &json!([])));
    let reasons = cart["reasons"].as_array().unwrap();
    assert!(reasons.iter().any(|reason| reason["code"] == "discount_no_matching_line"));
    shop.patch(&path, json!({ "discount_codes": ["CUPS", "FREE"] })).await.expect(200);
}

#[tokio::test]
async fn a_used_up_code_refuses_the_order_and_leaves_the_cart_open() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    for code in ["ONCE", "MINE"] {
        let (first, second) = (shop.filled_cart(&pot, 1).await, shop.filled_cart(&pot, 1).await);
        for cart in [&first, &second] {
            shop.patch(&format!("/api/v1/carts/{cart}"), json!({ "discount_codes": [code] })).await.expect(200);
        }
        shop.place(&first, "k").await.expect(201);
        let refused = shop.place(&second, "k").await.expect(409);
        assert_eq!(refused.code(), "discount_used_up");
        assert_eq!(refused.json()["items"], json!([{ "code": code }]));
        assert_eq!(shop.place(&second, "k").await.expect(409).code(), "discount_used_up", "the key keeps its answer");
        shop.patch(&format!("/api/v1/carts/{second}"), json!({ "discount_codes": [] })).await.expect(200);
        shop.place(&second, "k2").await.expect(201);
    }
}
