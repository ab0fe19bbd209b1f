//! Removes an endpoint with its deliveries.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use souk_actors::marketplace::Marketplace;
use souk_domain::id::EndpointId;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[utoipa::path(
    delete, path = "/api/v1/webhooks/{id}", operation_id = "deleteWebhook", tag = "webhooks",
    summary = "Removes an endpoint and its deliveries",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn remove(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<EndpointId>,
) -> Result<StatusCode, Problem> {
    outbox(&market)?.endpoints.remove(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
