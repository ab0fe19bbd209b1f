//! The shop itself, for its apps.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::problem::Problem;
use crate::state::App;
use crate::storefront::shop::ShopView;

#[utoipa::path(
    get, path = "/api/v1/shop", operation_id = "getShop", tag = "products",
    summary = "What the shop is called, sells in, ships to, and is paid with",
    responses((status = 200, body = ShopView, description = "The shop, as its apps begin with it")),
)]
pub async fn shop(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    Ok(([(header::CACHE_CONTROL, "no-cache"), (header::VARY, "accept-encoding")], Json(shop)))
}
