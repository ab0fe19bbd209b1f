//! The ways to ship a cart.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::carts::service::ShippingOptionView;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::CartId;
use utoipa::ToSchema;

use crate::extract::{OptionalCaller, PathIds};
use crate::problem::Problem;

#[derive(Debug, Serialize, ToSchema)]
pub struct ShippingOptionList {
    items: Vec<ShippingOptionView>,
    /// Always null: there is one page.
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/carts/{id}/shipping-options", operation_id = "listShippingOptions", tag = "carts",
    summary = "Lists the ways to ship to the cart's address",
    security((), ("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = ShippingOptionList, description = "The options; none before the cart has an address"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn shipping_options(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<CartId>,
    caller: OptionalCaller,
) -> Result<Json<ShippingOptionList>, Problem> {
    Ok(Json(ShippingOptionList { items: market.carts.shipping_options(id, caller.id()).await?, next: None }))
}
