//! Whether requests should be sent here.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;

use super::live::Health;
use crate::problem::{Code, Problem};
use crate::state::Edge;

#[utoipa::path(
    get, path = "/health/ready", operation_id = "getReadiness", tag = "status",
    summary = "Tells whether requests should be sent here",
    responses(
        (status = 200, body = Health, description = "They should"),
        (status = 503, description = "`restarting`, `stopping`"),
    ),
)]
pub async fn ready(
    State(market): State<Arc<Marketplace>>,
    State(edge): State<Arc<Edge>>,
) -> Result<Json<Health>, Problem> {
    let status = market.board.status().status;
    let refused = |code| Err(Problem::new(code).retry_after(Duration::from_secs(1)));
    match status.as_str() {
        _ if *edge.stopping().borrow() => refused(Code::Stopping),
        "stopping" => refused(Code::Stopping),
        "ok" => Ok(Json(Health { status })),
        _ => refused(Code::Restarting),
    }
}
