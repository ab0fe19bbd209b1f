//! What the world sees of an order.

use serde::Serialize;
use souk_domain::id::{CartId, OrderId, PaymentId};
use souk_domain::money::Money;
use souk_domain::order::state::{Order, OrderDiscount, OrderLine, OrderStatus};
use souk_domain::payment::state::{Payment, Standing};
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

use crate::carts::view::{AddressView, DiscountView, ERASED, LineView, TotalsView};

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderView {
    #[schema(value_type = String)]
    pub id: OrderId,
    pub number: u64,
    #[schema(value_type = String)]
    pub cart_id: CartId,
    pub status: OrderStatus,
    pub lines: Vec<LineView>,
    /// What took something off.
    pub discounts: Vec<DiscountView>,
    pub totals: TotalsView,
    /// What went back to the buyer.
    pub refunded: Money,
    pub email: String,
    pub shipping_address: AddressView,
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub hold_expires_at: Timestamp,
    pub payment: PaymentView,
    /// Opens the order for whoever has it: a guest's way back. Only in the answer to the placing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentView {
    #[schema(value_type = String)]
    pub id: PaymentId,
    /// `none` (nothing to pay), `requires_method`, `declined`, `requires_action`, `processing`,
    /// `captured`, `voided`, `refunded` or `mismatched` (the provider spoke of another sum; it is no payment).
    pub status: String,
    pub provider: Option<String>,
    /// What the buyer's page needs to go on with the provider.
    #[schema(value_type = Object)]
    pub client: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decline_reason: Option<String>,
}

impl OrderView {
    /// None when the order was not placed.
    pub fn of(order: &Order, payment: &Payment) -> Option<Self> {
        let placement = order.placement.as_ref()?;
        let money = |amount| Money::new(amount, placement.currency);
        let line = |line: &OrderLine| {
            let OrderLine { variant_id, product_id, title, quantity, unit_price, total, discount, tax } = line.clone();
            let (unit_price, total, discount, tax) = (money(unit_price), money(total), money(discount), money(tax));
            LineView { variant_id, product_id, title, quantity, unit_price, total, discount, tax }
        };
        let discount = |applied: &OrderDiscount| {
            let OrderDiscount { id: _, code, title, amount, shipping: _ } = applied.clone();
            DiscountView { code, title, amount: money(amount) }
        };
        Some(Self {
            id: placement.id,
            number: placement.number,
            cart_id: placement.cart_id,
            status: order.status(),
            lines: placement.lines.iter().map(line).collect(),
            discounts: placement.discounts.iter().map(discount).collect(),
            totals: TotalsView::of(placement.totals, placement.currency),
            refunded: money(order.refunded),
            email: placement.email.known().cloned().unwrap_or_else(|| ERASED.to_owned()),
            shipping_address: AddressView::of(&placement.shipping_address),
            placed_at: placement.placed_at,
            hold_expires_at: placement.hold_expires_at,
            payment: PaymentView::of(placement.payment_id, payment),
            access_key: None,
        })
    }
}

impl PaymentView {
    pub fn of(id: PaymentId, payment: &Payment) -> Self {
        let status = if payment.opening.is_some() { payment.status() } else { "none" };
        let (mut action_url, mut decline_reason) = (None, None);
        match &payment.standing {
            Standing::RequiresAction { action_url: url } => {
                action_url = Some(url.clone()).filter(|url| !url.is_empty())
            }
            Standing::Declined { reason } => decline_reason = Some(reason.clone()),
            Standing::RequiresMethod
            | Standing::Processing { .. }
            | Standing::Captured
            | Standing::Voided
            | Standing::Mismatched { .. } => {}
        }
        let intent = payment.intent.as_ref();
        Self {
            id,
            status: status.to_owned(),
            provider: intent.map(|intent| intent.provider.clone()),
            client: intent.map_or_else(|| serde_json::json!({}), |intent| intent.client.clone()),
            action_url,
            decline_reason,
        }
    }
}
