//! What was asked to be given back for an order.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::refunds::RefundView;
use souk_domain::id::OrderId;
use utoipa::ToSchema;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;

/// Oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Refunds {
    items: Vec<RefundView>,
    /// Always null: an order never has more than one page of refunds.
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/orders/{id}/refunds", operation_id = "listRefunds", tag = "orders",
    summary = "Lists what was asked to be given back for an order, oldest first",
    description = "For staff. Requests that were refused, and refunds that the provider did not do, are among them.",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Refunds, description = "Its refunds"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn list(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<OrderId>,
) -> Result<Json<Refunds>, Problem> {
    Ok(Json(Refunds { items: market.orders.refunds(id).await?, next: None }))
}
