//! How far the caller has read a room.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::RoomId;
use utoipa::ToSchema;

use crate::extract::{Caller, JsonBody, PathIds};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// The number of the newest message that was seen; it never goes back.
    #[schema(minimum = 0)]
    seq: u64,
}

#[utoipa::path(
    post, path = "/api/v1/rooms/{id}/read", operation_id = "markRoomRead", tag = "chat",
    summary = "Remembers how far the caller has read",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    request_body = MarkRead,
    responses(
        (status = 204, description = "Remembered"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn read(
    State(market): State<Arc<Marketplace>>,
    Caller(identity): Caller,
    PathIds(id): PathIds<RoomId>,
    JsonBody(MarkRead { seq }): JsonBody<MarkRead>,
) -> Result<StatusCode, Problem> {
    market.mark_read(&identity, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
