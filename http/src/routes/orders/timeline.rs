//! What happened to an order.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::entity::TimelineEntry;
use souk_domain::id::OrderId;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{OrderViewer, PathIds};
use crate::problem::Problem;
use crate::routes::list::List;

#[utoipa::path(
    get, path = "/api/v1/orders/{id}/timeline", operation_id = "getOrderTimeline", tag = "orders",
    summary = "Tells what happened to an order, oldest first",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    responses(
        (status = 200, body = List<TimelineEntry>, description = "Its history"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn timeline(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<OrderId>,
    OrderViewer(viewer): OrderViewer,
) -> Result<Json<List<TimelineEntry>>, Problem> {
    Ok(Json(List::whole(market.orders.timeline(id, &viewer).await?)))
}
