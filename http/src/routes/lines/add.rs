//! More of something in a cart. Title and price are the server's own, never the caller's.

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
pub struct AddLine {
    #[schema(value_type = String)]
    variant_id: VariantId,
    /// How many more.
    #[schema(value_type = u32, minimum = 1, maximum = 999)]
    quantity: Whole<1, 999>,
}

#[utoipa::path(
    post, path = "/api/v1/carts/{id}/lines", operation_id = "addLine", tag = "carts",
    summary = "Adds units of a variant",
    security((), ("bearer" = [])),
    params(("id" = String, Path)),
    request_body = AddLine,
    responses(
        (status = 200, body = CartView, description = "The cart after it"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`cart_in_checkout`, `cart_completed`, `quantity_too_large`, `too_many_lines`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn add(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<CartId>,
    caller: OptionalCaller,
    JsonBody(AddLine { variant_id, quantity }): JsonBody<AddLine>,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.carts.add_line(id, caller.id(), variant_id, quantity.0).await?))
}
