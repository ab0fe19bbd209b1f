//! The buyer does not want it any more.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::view::OrderView;
use souk_domain::id::OrderId;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{OrderViewer, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    post, path = "/api/v1/orders/{id}/cancel", operation_id = "cancelOrder", tag = "orders",
    summary = "Cancels an order that is not paid",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    responses(
        (status = 200, body = OrderView, description = "The order, its stock given back"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`order_not_cancellable`"),
    ),
)]
pub async fn cancel(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<OrderId>,
    OrderViewer(viewer): OrderViewer,
) -> Result<Json<OrderView>, Problem> {
    Ok(Json(market.orders.cancel(id, &viewer).await?))
}
