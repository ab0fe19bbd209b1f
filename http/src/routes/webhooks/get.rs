//! An endpoint as it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::view::EndpointView;
use souk_domain::id::EndpointId;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[utoipa::path(
    get, path = "/api/v1/webhooks/{id}", operation_id = "getWebhook", tag = "webhooks",
    summary = "Shows an endpoint",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = EndpointView, description = "The endpoint, without its secret"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<EndpointId>,
) -> Result<Json<EndpointView>, Problem> {
    let record = outbox(&market)?.endpoints.get(id).await?;
    Ok(Json(EndpointView::of(record, market.clock.now())))
}
