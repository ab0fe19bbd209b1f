//! Something out of a cart.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::{CartId, VariantId};

use crate::extract::{OptionalCaller, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    delete, path = "/api/v1/carts/{id}/lines/{variant_id}", operation_id = "removeLine", tag = "carts",
    summary = "Takes a variant out",
    security((), ("bearer" = [])),
    params(("id" = String, Path), ("variant_id" = String, Path)),
    responses(
        (status = 200, body = CartView, description = "The cart after it"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`cart_in_checkout`, `cart_completed`"),
    ),
)]
pub async fn remove(
    State(market): State<Arc<Marketplace>>,
    PathIds((id, variant_id)): PathIds<(CartId, VariantId)>,
    caller: OptionalCaller,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.carts.remove_line(id, caller.id(), variant_id).await?))
}
