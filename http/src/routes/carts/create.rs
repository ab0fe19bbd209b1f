//! A new cart. With a token it belongs to somebody; without, whoever knows its id may use it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::money::Currency;
use utoipa::ToSchema;

use crate::extract::{OptionalCaller, OptionalJsonBody};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCart {
    /// Three letters of ISO 4217; the shop's own when it is left out.
    #[schema(value_type = Option<String>, example = "USD")]
    currency: Option<Currency>,
}

#[utoipa::path(
    post, path = "/api/v1/carts", operation_id = "createCart", tag = "carts",
    summary = "Makes a cart",
    security((), ("bearer" = [])),
    request_body = Option<CreateCart>,
    responses(
        (status = 201, body = CartView, description = "The empty cart",
            headers(("Location" = String, description = "The cart"))),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn create(
    State(market): State<Arc<Marketplace>>,
    caller: OptionalCaller,
    OptionalJsonBody(body): OptionalJsonBody<CreateCart>,
) -> Result<impl IntoResponse, Problem> {
    let owner = caller.0.map(|identity| identity.id);
    let account = owner.as_deref().and_then(|owner| owner.parse().ok());
    let cart = market.carts.create(owner, body.currency).await?;
    if let Some(account) = account {
        market.accounts.set_cart(account, cart.id).await?;
    }
    Ok((StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/carts/{}", cart.id))], Json(cart)))
}
