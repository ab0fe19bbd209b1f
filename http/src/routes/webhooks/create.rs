//! A new endpoint. Its secret is in this answer and in no other.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::endpoints::NewEndpoint;
use souk_actors::outbox::view::EndpointView;
use utoipa::ToSchema;

use crate::extract::{JsonBody, Staff, Text};
use crate::problem::Problem;
use crate::problem::webhooks::{invalid_events, outbox};

/// More than there are events is a mistake.
pub const MOST_EVENTS: usize = 20;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    #[schema(value_type = String, min_length = 1, max_length = 2000, example = "https://example.com/hooks/souk")]
    url: Text<1, 2000>,
    #[schema(value_type = Option<String>, max_length = 200)]
    description: Option<Text<0, 200>>,
    /// Left out or empty: all.
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    events: Option<Vec<Text<1, 50>>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    #[serde(flatten)]
    pub webhook: EndpointView,
    /// Checks the signatures. It is not shown again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

#[utoipa::path(
    post, path = "/api/v1/webhooks", operation_id = "createWebhook", tag = "webhooks",
    summary = "Makes an endpoint that is told of orders",
    security(("bearer" = [])),
    request_body = CreateWebhook,
    responses(
        (status = 201, body = WebhookWithSecret, description = "The endpoint, and its secret this once",
            headers(("Location" = String, description = "The endpoint"))),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 409, description = "`too_many_webhooks`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn create(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    JsonBody(CreateWebhook { url, description, events }): JsonBody<CreateWebhook>,
) -> Result<impl IntoResponse, Problem> {
    let events = names(events.unwrap_or_default())?;
    let new = NewEndpoint { url: url.0, description: description.map_or_else(String::new, |text| text.0), events };
    let (record, secret) = outbox(&market)?.endpoints.create(new).await?;
    let location = [(header::LOCATION, format!("/api/v1/webhooks/{}", record.id))];
    let webhook = EndpointView::of(record, market.clock.now());
    Ok((StatusCode::CREATED, location, Json(WebhookWithSecret { webhook, secret })))
}

/// Each once, in the order given.
pub fn names(events: Vec<Text<1, 50>>) -> Result<Vec<String>, Problem> {
    if events.len() > MOST_EVENTS {
        return Err(invalid_events(format!("at most {MOST_EVENTS} are taken")));
    }
    let mut names: Vec<String> = Vec::new();
    for Text(name) in events {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}
