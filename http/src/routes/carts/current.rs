//! The cart that the account goes on with.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;

use crate::extract::Account;
use crate::problem::Problem;

#[utoipa::path(
    get, path = "/api/v1/carts/current", operation_id = "getCurrentCart", tag = "carts",
    summary = "Shows the account's cart",
    security(("bearer" = [])),
    responses(
        (status = 200, body = CartView, description = "The cart that is not bought yet"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`: there is none"),
    ),
)]
pub async fn current(State(market): State<Arc<Marketplace>>, account: Account) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.current_cart(account.id()).await?))
}
