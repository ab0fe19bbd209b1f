//! What happened to an order.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::entity::TimelineEntry;
use souk_domain::id::OrderId;
use utoipa::ToSchema;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{OrderViewer, PathIds};
use crate::problem::Problem;

/// Oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    items: Vec<TimelineEntry>,
    /// Always null: a timeline is never longer than one page.
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/orders/{id}/timeline", operation_id = "getOrderTimeline", tag = "orders",
    summary = "Tells what happened to an order, oldest first",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    responses(
        (status = 200, body = Timeline, description = "Its history"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn timeline(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<OrderId>,
    OrderViewer(viewer): OrderViewer,
) -> Result<Json<Timeline>, Problem> {
    Ok(Json(Timeline { items: market.orders.timeline(id, &viewer).await?, next: None }))
}
