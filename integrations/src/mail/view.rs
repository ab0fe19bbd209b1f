//! What the templates see of an order. Amounts are texts with the currency's own number of decimals (ISO 4217).

use serde::Serialize;
use souk_domain::money::Money;
use souk_domain::order::state::{Order, OrderLine};
use souk_domain::pricing::totals::Totals;
use souk_domain::time::Timestamp;

use super::port::OrderMail;

/// The fields that a template may name.
#[derive(Debug, Clone, Serialize)]
pub struct MailView {
    pub shop: String,
    /// What people call the order.
    pub number: u64,
    /// Leads to the order; opens it for a guest.
    pub url: String,
    pub name: String,
    pub lines: Vec<LineView>,
    pub subtotal: String,
    /// None where nothing was taken off.
    pub discount: Option<String>,
    pub shipping: String,
    /// None where there is no tax.
    pub tax: Option<String>,
    pub tax_included: bool,
    pub total: String,
    /// Name, street, town, country: a line each.
    pub address: Vec<String>,
    /// What goes back with this mail; none in the others.
    pub refund: Option<String>,
    /// Whether the money came when the order had ended already.
    pub paid_too_late: bool,
    /// Such as `2026-11-22 21:40 UTC`.
    pub placed_at: String,
    pub at: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct LineView {
    pub title: String,
    pub quantity: u32,
    pub unit_price: String,
    pub total: String,
}

impl MailView {
    /// None for an order that was never placed, or whose buyer was erased.
    pub fn of(mail: &OrderMail, shop: &str, public_url: &str) -> Option<Self> {
        let order: &Order = &mail.moment.order;
        let placement = order.placement.as_ref()?;
        let recipient = placement.shipping_address.recipient.known()?;
        let money = |amount| Money::new(amount, placement.currency).to_string();
        let line = |line: &OrderLine| LineView {
            title: line.title.clone(),
            quantity: line.quantity,
            unit_price: money(line.unit_price),
            total: money(line.total),
        };
        let Totals { subtotal, discount, shipping, tax, tax_included, total, .. } = placement.totals;
        let base = public_url.trim_end_matches('/');
        // Somebody with an account signs in; everybody else comes back by the key alone.
        let has_account = placement.owner.as_deref().is_some_and(|owner| owner.starts_with("acct_"));
        let key = if has_account { String::new() } else { format!("?key={}", placement.access_key) };
        let town = format!("{} {}", recipient.postal_code, recipient.city);
        let region = placement.shipping_address.region.clone();
        let address = [Some(recipient.name.clone()), Some(recipient.line1.clone()), recipient.line2.clone()];
        let country = placement.shipping_address.country.clone();
        Some(Self {
            shop: shop.to_owned(),
            number: placement.number,
            url: format!("{base}/orders/{}{key}", placement.id),
            name: recipient.name.clone(),
            lines: placement.lines.iter().map(line).collect(),
            subtotal: money(subtotal),
            discount: (discount != 0).then(|| money(-discount)),
            shipping: money(shipping),
            tax: (tax != 0).then(|| money(tax)),
            tax_included,
            total: money(total),
            address: address.into_iter().flatten().chain([town]).chain(region).chain([country]).collect(),
            refund: mail.moment.refund().map(money),
            paid_too_late: order.ending.is_some(),
            placed_at: minute(placement.placed_at),
            at: minute(mail.at),
        })
    }
}

/// `2023-11-14T22:13:20.120Z` becomes `2023-11-14 22:13 UTC`.
fn minute(time: Timestamp) -> String {
    let text = time.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(minute)) => format!("{day} {minute} UTC"),
        _ => text,
    }
}
