//! Says something in a room. The same author's `client_id` within a day is one message.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::rooms::view::MessageView;
use souk_domain::id::RoomId;
use souk_domain::room::state::MAX_TEXT_CHARS;
use utoipa::ToSchema;

use crate::extract::{Caller, JsonBody, PathIds, Text};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostMessage {
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    text: Text<1, 4000>,
    /// The client's own name for the message: sent again with it, it is still one message.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    client_id: Text<1, 100>,
}

const _: () = assert!(MAX_TEXT_CHARS == 4_000);

#[utoipa::path(
    post, path = "/api/v1/rooms/{id}/messages", operation_id = "postMessage", tag = "chat",
    summary = "Says something in a room",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    request_body = PostMessage,
    responses(
        (status = 201, body = MessageView, description = "The message with its number"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn post(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<RoomId>,
    Caller(author): Caller,
    JsonBody(PostMessage { text, client_id }): JsonBody<PostMessage>,
) -> Result<impl IntoResponse, Problem> {
    let message = market.rooms.post(id, &author, text.0, client_id.0).await?;
    Ok((StatusCode::CREATED, Json(message)))
}
