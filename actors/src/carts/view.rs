//! What the world sees of a cart: the answer of every call on it, and the state of its topic.

use serde::Serialize;
use souk_domain::address::{Address, Recipient};
use souk_domain::cart::state::{Cart, CartLine, CartStatus};
use souk_domain::id::{CartId, OrderId, ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::price::{Applied, LinePrice};
use souk_domain::pricing::reason::{Reason, ReasonCode, ReasonValues};
use souk_domain::pricing::rules::PriceRules;
use souk_domain::pricing::totals::Totals;
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CartView {
    #[schema(value_type = String)]
    pub id: CartId,
    #[schema(value_type = String, example = "USD")]
    pub currency: Currency,
    pub status: CartStatus,
    pub lines: Vec<LineView>,
    pub email: Option<String>,
    pub shipping_address: Option<AddressView>,
    pub shipping_option_id: Option<String>,
    /// Also those that have no effect now; `reasons` says why.
    pub discount_codes: Vec<String>,
    /// What takes something off.
    pub discounts: Vec<DiscountView>,
    pub totals: TotalsView,
    /// Why it costs what it costs: first about the whole, then line by line.
    pub reasons: Vec<ReasonView>,
    /// The order that is open or completed the cart.
    #[schema(value_type = Option<String>)]
    pub order_id: Option<OrderId>,
    pub version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineView {
    #[schema(value_type = String)]
    pub variant_id: VariantId,
    #[schema(value_type = String)]
    pub product_id: ProductId,
    pub title: String,
    pub quantity: u32,
    pub unit_price: Money,
    /// Quantity times price, before discount and tax.
    pub total: Money,
    /// What discounts take off it.
    pub discount: Money,
    /// On what is left after the discount; contained in it where `totals.tax_included` says so.
    pub tax: Money,
}

/// A discount with what it takes off in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DiscountView {
    /// None: it applies by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub title: String,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonView {
    pub code: ReasonCode,
    /// A sentence for people.
    #[schema(example = "Germany: 19 % within 20.00 EUR")]
    pub message: String,
    /// What this adds (shipping, tax) or takes off (discounts).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The line it is about; none: the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub variant_id: Option<VariantId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_code: Option<String>,
    pub values: ReasonValuesView,
}

/// What the message is made of, for whoever says it in another language. What does not belong to the code is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonValuesView {
    /// The shop's name of the shipping zone or the tax zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The shop's name of the shipping option.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The title of the discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<String>,
    /// Millionths: 190000 is 19 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_ppm: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grams: Option<u64>,
    /// What the tax is taken of, where free shipping begins, or the least that a discount needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<Money>,
    /// How many more reasons there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// `total = subtotal - discount + shipping`, plus `tax` unless the prices include it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct TotalsView {
    pub subtotal: Money,
    pub discount: Money,
    pub shipping: Money,
    pub tax: Money,
    pub tax_included: bool,
    pub total: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AddressView {
    pub name: String,
    pub line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    pub city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    pub postal_code: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What stands where an erased person's data was.
pub const ERASED: &str = "erased";

impl CartView {
    /// The cart with what it costs at `now`; none when it does not exist.
    pub fn of(cart: &Cart, rules: &PriceRules, now: Timestamp) -> Option<Self> {
        let (id, currency) = (cart.id?, cart.currency?);
        let priced = cart.priced(rules, now);
        let lines = cart.lines.iter().zip(&priced.lines);
        Some(Self {
            id,
            currency,
            status: cart.status(),
            lines: lines.map(|(line, price)| LineView::of_cart(line, price, currency)).collect(),
            email: cart.email.as_ref().map(|email| email.known().cloned().unwrap_or_else(|| ERASED.to_owned())),
            shipping_address: cart.shipping_address.as_ref().map(AddressView::of),
            shipping_option_id: cart.shipping_option_id.clone(),
            discount_codes: cart.discount_codes.clone(),
            discounts: priced.discounts.into_iter().map(|applied| DiscountView::of(applied, currency)).collect(),
            totals: TotalsView::of(priced.totals, currency),
            reasons: priced.reasons.into_iter().map(|reason| ReasonView::of(reason, currency)).collect(),
            order_id: cart.order,
            version: cart.version,
        })
    }
}

impl LineView {
    fn of_cart(line: &CartLine, price: &LinePrice, currency: Currency) -> Self {
        let money = |amount| Money::new(amount, currency);
        Self {
            variant_id: line.variant_id,
            product_id: line.product_id,
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: money(line.unit_price),
            total: money(price.subtotal),
            discount: money(price.discount),
            tax: money(price.tax),
        }
    }
}

impl DiscountView {
    fn of(applied: Applied, currency: Currency) -> Self {
        let Applied { id: _, code, title, amount, shipping: _ } = applied;
        Self { code, title, amount: Money::new(amount, currency) }
    }
}

impl ReasonView {
    fn of(reason: Reason, currency: Currency) -> Self {
        let Reason { code, message, amount, variant_id, discount_code, values } = reason;
        let amount = amount.map(|amount| Money::new(amount, currency));
        let ReasonValues { zone, option, country, discount, rate_ppm, grams, sum, count } = values;
        let sum = sum.map(|sum| Money::new(sum, currency));
        let values = ReasonValuesView { zone, option, country, discount, rate_ppm, grams, sum, count };
        Self { code, message, amount, variant_id, discount_code, values }
    }
}

impl TotalsView {
    pub fn of(totals: Totals, currency: Currency) -> Self {
        let Totals { subtotal, discount, shipping, tax, tax_included, total } = totals;
        let money = |amount| Money::new(amount, currency);
        Self {
            subtotal: money(subtotal),
            discount: money(discount),
            shipping: money(shipping),
            tax: money(tax),
            tax_included,
            total: money(total),
        }
    }
}

impl AddressView {
    pub fn of(address: &Address) -> Self {
        let Address { recipient, country, region } = address.clone();
        let erased = || Recipient {
            name: ERASED.to_owned(),
            line1: ERASED.to_owned(),
            line2: None,
            city: ERASED.to_owned(),
            postal_code: ERASED.to_owned(),
            phone: None,
        };
        let Recipient { name, line1, line2, city, postal_code, phone } =
            recipient.known().cloned().unwrap_or_else(erased);
        Self { name, line1, line2, city, region, postal_code, country, phone }
    }
}
