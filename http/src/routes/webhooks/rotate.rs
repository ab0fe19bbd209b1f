//! A new secret. The one before it signs beside it for a while, so that the receiver can change over.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::view::EndpointView;
use souk_domain::id::EndpointId;

use super::create::WebhookWithSecret;
use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[utoipa::path(
    post, path = "/api/v1/webhooks/{id}/rotate", operation_id = "rotateWebhookSecret", tag = "webhooks",
    summary = "Gives an endpoint a new secret",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 200, body = WebhookWithSecret, description = "The endpoint, and its new secret this once"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn rotate(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<EndpointId>,
) -> Result<Json<WebhookWithSecret>, Problem> {
    let (record, secret) = outbox(&market)?.endpoints.rotate(id).await?;
    Ok(Json(WebhookWithSecret { webhook: EndpointView::of(record, market.clock.now()), secret }))
}
