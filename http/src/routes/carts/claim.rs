//! A cart that was filled before signing in becomes the account's.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::carts::view::CartView;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::CartId;

use crate::extract::{Account, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    post, path = "/api/v1/carts/{id}/claim", operation_id = "claimCart", tag = "carts",
    summary = "Makes a cart the account's",
    description = "If the account has an open cart already, the lines go there and that one is the answer. Lines that \
        would be more than a cart or a line can have stay behind. Claiming the same cart again changes nothing.",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = CartView, description = "The account's cart"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`cart_in_checkout`, `cart_completed`"),
    ),
)]
pub async fn claim(
    State(market): State<Arc<Marketplace>>,
    account: Account,
    PathIds(id): PathIds<CartId>,
) -> Result<Json<CartView>, Problem> {
    Ok(Json(market.claim_cart(account.id(), id).await?))
}
