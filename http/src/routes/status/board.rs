//! The status board, as it was last published.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use souk_actors::marketplace::Marketplace;
use souk_actors::status::Status;

#[utoipa::path(
    get, path = "/api/status", operation_id = "getStatus", tag = "status",
    summary = "Shows how everything is doing",
    responses((status = 200, body = inline(Status), description = "A snapshot, at most a second old")),
)]
pub async fn board(State(market): State<Arc<Marketplace>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, market.board.body())
}
