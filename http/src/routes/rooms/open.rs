//! The room of a kind and subject: opened, or found.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::rooms::view::RoomView;
use souk_domain::room::state::RoomKind;
use utoipa::ToSchema;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{JsonBody, OrderViewer, Text};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRoom {
    kind: RoomKind,
    /// The product, the order, or the other person; not needed for support.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    subject_id: Option<Text<1, 100>>,
}

#[utoipa::path(
    post, path = "/api/v1/rooms", operation_id = "openRoom", tag = "chat",
    summary = "Opens a room, or finds it",
    security(("bearer" = [])),
    params(OrderKeyParameters),
    request_body = OpenRoom,
    responses(
        (status = 200, body = RoomView, description = "The room that was there"),
        (status = 201, body = RoomView, description = "The new room"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`room_full`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn open(
    State(market): State<Arc<Marketplace>>,
    OrderViewer(viewer): OrderViewer,
    JsonBody(OpenRoom { kind, subject_id }): JsonBody<OpenRoom>,
) -> Result<impl IntoResponse, Problem> {
    let subject = subject_id.as_ref().map(|subject| subject.0.as_str());
    let (room, is_new) = market.rooms.open(kind, subject, &viewer).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::LOCATION, format!("/api/v1/rooms/{}/messages", room.id))], Json(room)))
}
