//! Whether the process is there at all.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: String,
}

#[utoipa::path(
    get, path = "/health", operation_id = "getHealth", tag = "status",
    summary = "Tells that the process is there",
    responses((status = 200, body = Health, description = "It is")),
)]
pub async fn live() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}
