//! Staff give money back. The key makes it safe to send again: one key, one refund, one answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::refunds::{RefundOrder, RefundView};
use souk_domain::id::OrderId;
use souk_domain::money::{MAX_AMOUNT, Money};
use utoipa::ToSchema;

use crate::extract::{IdempotencyKey, JsonBody, PathIds, Staff, Text};
use crate::problem::{FieldError, Problem};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundBody {
    /// Left out: all that was paid and not given back yet.
    amount: Option<Money>,
    /// For the books, not for the buyer.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Text<1, 500>,
}

#[utoipa::path(
    post, path = "/api/v1/orders/{id}/refunds", operation_id = "refundOrder", tag = "orders",
    summary = "Gives back what was paid for an order, or a part of it",
    description = "For staff. The answer waits for the payment provider; the same key has the same answer.",
    security(("bearer" = [])),
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = String, Header, description = "1 to 255 visible characters, bare or quoted. Take a new one after each final answer"),
    ),
    request_body = RefundBody,
    responses(
        (status = 201, body = RefundView, description = "The money went back"),
        (status = 400, description = "`idempotency_key_missing`, `idempotency_key_invalid`"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`refund_too_large`, `refund_failed`, `too_many_refunds`, `in_progress`"),
        (status = 422, description = "`idempotency_key_reused`, `invalid_body`"),
    ),
)]
pub async fn create(
    State(market): State<Arc<Marketplace>>,
    Staff(who): Staff,
    PathIds(order_id): PathIds<OrderId>,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(RefundBody { amount, reason: Text(reason) }): JsonBody<RefundBody>,
) -> Result<(StatusCode, Json<RefundView>), Problem> {
    if amount.is_some_and(|amount| !(1..=MAX_AMOUNT).contains(&amount.amount)) {
        let fault = FieldError::invalid("/amount/amount", format!("a whole number from 1 to {MAX_AMOUNT}"));
        return Err(Problem::invalid_body(vec![fault]));
    }
    // What makes a request the same one: the meaning of its body, not its blanks or the order of its fields.
    let sum = amount.map_or_else(|| "all".to_owned(), |amount| amount.to_string());
    let fingerprint = format!("{sum} {reason}");
    let request = RefundOrder { order_id, key, fingerprint, amount, reason, requested_by: who.identity.id.clone() };
    Ok((StatusCode::CREATED, Json(market.orders.refund(request).await?)))
}
