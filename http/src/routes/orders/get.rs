//! An order as it is.

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
    get, path = "/api/v1/orders/{id}", operation_id = "getOrder", tag = "orders",
    summary = "Shows an order",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<OrderId>,
    OrderViewer(viewer): OrderViewer,
) -> Result<Json<OrderView>, Problem> {
    Ok(Json(market.orders.view(id, &viewer).await?))
}
