//! A cart as it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::CartId;

use crate::extract::{OptionalCaller, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    get, path = "/api/v1/carts/{id}", operation_id = "getCart", tag = "carts",
    summary = "Shows a cart",
    security((), ("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = CartView, description = "The cart"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<CartId>,
    caller: OptionalCaller,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.carts.view(id, caller.id()).await?))
}
