//! How many of something are in a cart.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::{CartId, VariantId};
use utoipa::ToSchema;

use crate::extract::{JsonBody, OptionalCaller, PathIds, Whole};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetLine {
    #[schema(value_type = u32, minimum = 1, maximum = 999)]
    quantity: Whole<1, 999>,
}

#[utoipa::path(
    patch, path = "/api/v1/carts/{id}/lines/{variant_id}", operation_id = "setLine", tag = "carts",
    summary = "Sets how many units of a variant there are",
    security((), ("bearer" = [])),
    params(("id" = String, Path), ("variant_id" = String, Path)),
    request_body = SetLine,
    responses(
        (status = 200, body = CartView, description = "The cart after it"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`cart_in_checkout`, `cart_completed`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn set(
    State(market): State<Arc<Marketplace>>,
    PathIds((id, variant_id)): PathIds<(CartId, VariantId)>,
    caller: OptionalCaller,
    JsonBody(SetLine { quantity }): JsonBody<SetLine>,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.carts.set_quantity(id, caller.id(), variant_id, quantity.0).await?))
}
