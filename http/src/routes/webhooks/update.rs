//! Changes an endpoint; what is left out stays. Enabled again, it is sent what has waited meanwhile.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::endpoints::EndpointChange;
use souk_actors::outbox::view::EndpointView;
use souk_domain::id::EndpointId;
use utoipa::ToSchema;

use super::create::names;
use crate::extract::{JsonBody, PathIds, Staff, Text};
use crate::problem::Problem;
use crate::problem::webhooks::outbox;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateWebhook {
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    url: Option<Text<1, 2000>>,
    #[schema(value_type = Option<String>, max_length = 200)]
    description: Option<Text<0, 200>>,
    /// Empty: all.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    events: Option<Vec<Text<1, 50>>>,
    enabled: Option<bool>,
}

#[utoipa::path(
    patch, path = "/api/v1/webhooks/{id}", operation_id = "updateWebhook", tag = "webhooks",
    summary = "Changes an endpoint",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    request_body = UpdateWebhook,
    responses(
        (status = 200, body = EndpointView, description = "The endpoint after the change"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn update(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<EndpointId>,
    JsonBody(UpdateWebhook { url, description, events, enabled }): JsonBody<UpdateWebhook>,
) -> Result<Json<EndpointView>, Problem> {
    let change = EndpointChange {
        url: url.map(|text| text.0),
        description: description.map(|text| text.0),
        events: events.map(names).transpose()?,
        enabled,
    };
    let record = outbox(&market)?.endpoints.update(id, change).await?;
    Ok(Json(EndpointView::of(record, market.clock.now())))
}
