//! Live topics over a WebSocket. What is spoken there is in [`crate::realtime`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};

use crate::problem::{Code, Problem};
use crate::realtime::session::setting::Setting;
use crate::realtime::ws::upgrade::upgrade;
use crate::state::Edge;

#[utoipa::path(
    get, path = "/ws", operation_id = "connect", tag = "live",
    summary = "Opens a socket for live topics (RFC 6455, subprotocol `souk.v1`)",
    description = "JSON text frames. Client: `{\"id\":1,\"op\":\"authenticate\",\"token\":\"…\"}`, \
        `{\"id\":2,\"op\":\"subscribe\",\"topic\":\"room:ID\",\"since\":41,\"key\":\"…\"}`, \
        `{\"id\":3,\"op\":\"publish\",\"topic\":\"room:ID\",\"client_id\":\"…\",\"data\":{\"text\":\"…\"}}`, \
        `{\"id\":4,\"op\":\"signal\",\"topic\":\"room:ID\",\"data\":{\"typing\":true}}`, `unsubscribe`, `ping`. \
        Topics: `room:ID` and `order:ID` deliver every entry, `product:ID`, `cart:ID` and `status` the newest state.",
    responses(
        (status = 101, description = "The socket is open"),
        (status = 400, description = "`malformed_request`"),
        (status = 403, description = "`origin_refused`"),
        (status = 426, description = "`upgrade_required`"),
    ),
)]
pub async fn connect(setting: State<Setting>, State(edge): State<Arc<Edge>>, request: Request) -> Response {
    // Browsers let any page open a socket anywhere and leave it to the server to look where it comes from.
    if !edge.origins.allow(request.uri(), request.headers()) {
        return Problem::new(Code::OriginRefused).into_response();
    }
    upgrade(setting, request).await
}
