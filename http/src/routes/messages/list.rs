//! What was said in a room.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_actors::marketplace::Marketplace;
use souk_actors::rooms::view::MessageView;
use souk_actors::viewer::Viewer;
use souk_domain::id::RoomId;
use utoipa::ToSchema;

use crate::extract::{OptionalCaller, Parameters, PathIds, Whole};
use crate::problem::Problem;

const DEFAULT_LIMIT: u32 = 20;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// The number of the last message the client has; the answer begins after it.
    since: Option<u64>,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageList {
    items: Vec<MessageView>,
    /// `since` of the next page; null when there was nothing more.
    #[schema(required)]
    next: Option<u64>,
}

#[utoipa::path(
    get, path = "/api/v1/rooms/{id}/messages", operation_id = "listMessages", tag = "chat",
    summary = "Lists the messages of a room, oldest first",
    security((), ("bearer" = [])),
    params(("id" = String, Path), Since),
    responses(
        (status = 200, body = MessageList, description = "Messages after `since`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_parameter`"),
    ),
)]
pub async fn list(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<RoomId>,
    OptionalCaller(person): OptionalCaller,
    Parameters(Since { since, limit }): Parameters<Since>,
) -> Result<Json<MessageList>, Problem> {
    let limit = limit.map_or(DEFAULT_LIMIT, |limit| limit.0) as usize;
    let viewer = Viewer { person, key: None };
    let items = market.rooms.messages(id, &viewer, since.unwrap_or(0), limit).await?;
    let next = items.last().filter(|_| items.len() == limit).map(|last| last.seq);
    Ok(Json(MessageList { items, next }))
}
