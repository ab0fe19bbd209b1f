//! All endpoints. There are few: they have a bound, so they are one page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::view::EndpointView;
use utoipa::ToSchema;

use crate::extract::Staff;
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookList {
    items: Vec<EndpointView>,
    /// Always null: the list is never longer than one page.
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/webhooks", operation_id = "listWebhooks", tag = "webhooks",
    summary = "Lists the endpoints, oldest first",
    security(("bearer" = [])),
    responses(
        (status = 200, body = WebhookList, description = "All of them"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
    ),
)]
pub async fn list(State(market): State<Arc<Marketplace>>, _staff: Staff) -> Result<Json<WebhookList>, Problem> {
    let now = market.clock.now();
    let records = outbox(&market)?.endpoints.list().await?;
    let items = records.into_iter().map(|record| EndpointView::of(record, now)).collect();
    Ok(Json(WebhookList { items, next: None }))
}
