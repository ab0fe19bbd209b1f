//! What the world sees of a cart: the answer of every call on it, and the state of its topic.

use serde::Serialize;
use souk_domain::address::{Address, Recipient};
use souk_domain::cart::state::{Cart, CartLine, CartStatus};
use souk_domain::id::{CartId, OrderId, ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::rules::PriceRules;
use souk_domain::pricing::totals::Totals;
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
    pub discount_codes: Vec<String>,
    pub totals: TotalsView,
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
    pub total: Money,
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
    /// None when the cart does not exist.
    pub fn of(cart: &Cart, rules: &PriceRules) -> Option<Self> {
        let (id, currency) = (cart.id?, cart.currency?);
        Some(Self {
            id,
            currency,
            status: cart.status(),
            lines: cart.lines.iter().map(|line| LineView::of_cart(line, currency)).collect(),
            email: cart.email.as_ref().map(|email| email.known().cloned().unwrap_or_else(|| ERASED.to_owned())),
            shipping_address: cart.shipping_address.as_ref().map(AddressView::of),
            shipping_option_id: cart.shipping_option_id.clone(),
            discount_codes: vec![],
            totals: TotalsView::of(cart.totals(rules), currency),
            order_id: cart.order,
            version: cart.version,
        })
    }
}

impl LineView {
    fn of_cart(line: &CartLine, currency: Currency) -> Self {
        let CartLine { variant_id, product_id, title, quantity, unit_price } = line.clone();
        let total = unit_price.saturating_mul(i64::from(quantity));
        let money = |amount| Money::new(amount, currency);
        Self { variant_id, product_id, title, quantity, unit_price: money(unit_price), total: money(total) }
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
