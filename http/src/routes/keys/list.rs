//! The public keys that access tokens are signed with (RFC 7517).

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::state::Edge;

#[utoipa::path(
    get, path = "/.well-known/jwks.json", operation_id = "listKeys", tag = "accounts",
    summary = "Lists the public keys of access tokens",
    responses((status = 200, body = Object, content_type = "application/jwk-set+json", description = "A JSON Web Key set")),
)]
pub async fn list(State(edge): State<Arc<Edge>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, Json(edge.tokens.jwks()).into_response().into_body())
}
