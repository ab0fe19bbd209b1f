//! From a cart to an order. The key makes it safe to send again: one key, one order, one answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::checkout::PlaceOrder;
use souk_actors::orders::view::OrderView;
use souk_domain::id::CartId;
use souk_domain::money::Money;
use utoipa::ToSchema;

use crate::extract::{IdempotencyKey, JsonBody, OptionalCaller};
use crate::problem::carts::refused_checkout;
use crate::problem::{FieldError, Problem};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrderBody {
    #[schema(value_type = String)]
    cart_id: CartId,
    /// The total that the buyer saw. Another one is refused with `price_changed`.
    expected_total: Option<Money>,
}

#[utoipa::path(
    post, path = "/api/v1/orders", operation_id = "placeOrder", tag = "orders",
    summary = "Places the order of a cart",
    security((), ("bearer" = [])),
    params(("Idempotency-Key" = String, Header, description = "1 to 255 visible characters, bare or quoted. Take a new one after each final answer")),
    request_body = PlaceOrderBody,
    responses(
        (status = 201, body = OrderView, description = "The order, with its stock held and its payment opened",
            headers(("Location" = String, description = "The order"))),
        (status = 400, description = "`idempotency_key_missing`, `idempotency_key_invalid`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`out_of_stock`, `discount_used_up`, `price_changed`, `not_on_sale`, `cart_in_checkout`, `cart_completed`, `cart_empty`, `in_progress`"),
        (status = 422, description = "`cart_incomplete`, `idempotency_key_reused`, `invalid_body`"),
    ),
)]
pub async fn place(
    State(market): State<Arc<Marketplace>>,
    IdempotencyKey(key): IdempotencyKey,
    caller: OptionalCaller,
    JsonBody(PlaceOrderBody { cart_id, expected_total }): JsonBody<PlaceOrderBody>,
) -> Result<impl IntoResponse, Problem> {
    let currency = market.carts.rules.currency;
    if expected_total.is_some_and(|total| total.currency != currency) {
        let fault = FieldError::invalid("/expected_total/currency", format!("the shop sells in {currency}"));
        return Err(Problem::invalid_body(vec![fault]));
    }
    // What makes a request the same one: the meaning of its body, not its blanks or the order of its fields.
    let fingerprint = expected_total.map_or_else(|| cart_id.to_string(), |total| format!("{cart_id} {total}"));
    let request = PlaceOrder {
        cart_id,
        person: caller.0.map(|identity| identity.id),
        key,
        fingerprint,
        expected_total: expected_total.map(|total| total.amount),
    };
    let order = market.checkout.place(request).await.map_err(|error| refused_checkout(error, currency))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/orders/{}", order.id))], Json(order)))
}
