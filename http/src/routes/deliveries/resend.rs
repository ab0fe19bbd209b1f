//! Sends a delivery again, under the same id, whatever became of it before.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::view::DeliveryView;
use souk_domain::id::DeliveryId;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[utoipa::path(
    post, path = "/api/v1/deliveries/{id}/resend", operation_id = "resendDelivery", tag = "webhooks",
    summary = "Sends a delivery again",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 202, body = DeliveryView, description = "It will be sent, with all its attempts before it"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn resend(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<DeliveryId>,
) -> Result<impl IntoResponse, Problem> {
    let delivery = outbox(&market)?.resend(id).await?;
    Ok((StatusCode::ACCEPTED, Json(DeliveryView::of(delivery))))
}
