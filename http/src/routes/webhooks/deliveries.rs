//! What was sent to an endpoint, and what came of it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_actors::marketplace::Marketplace;
use souk_actors::outbox::view::DeliveryView;
use souk_domain::id::EndpointId;
use utoipa::ToSchema;

use crate::extract::{Parameters, PathIds, Staff, Whole};
use crate::problem::webhooks::outbox;
use crate::problem::{Code, Problem};

const DEFAULT_LIMIT: u32 = 20;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryPage {
    /// `next` of the page before.
    cursor: Option<String>,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryList {
    items: Vec<DeliveryView>,
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/webhooks/{id}/deliveries", operation_id = "listWebhookDeliveries", tag = "webhooks",
    summary = "Lists what was sent to an endpoint, newest first",
    security(("bearer" = [])),
    params(("id" = String, Path), DeliveryPage),
    responses(
        (status = 200, body = DeliveryList, description = "A page; what is long settled is forgotten"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_cursor`, `invalid_parameter`"),
    ),
)]
pub async fn deliveries(
    State(market): State<Arc<Marketplace>>,
    _staff: Staff,
    PathIds(id): PathIds<EndpointId>,
    Parameters(DeliveryPage { cursor, limit }): Parameters<DeliveryPage>,
) -> Result<Json<DeliveryList>, Problem> {
    let limit = limit.map_or(DEFAULT_LIMIT, |limit| limit.0) as usize;
    let before = cursor.map(|cursor| position(&cursor)).transpose()?;
    let (deliveries, next) = outbox(&market)?.deliveries(id, before, limit).await?;
    let items = deliveries.into_iter().map(DeliveryView::of).collect();
    Ok(Json(DeliveryList { items, next: next.map(|position| position.to_string()) }))
}

fn position(cursor: &str) -> Result<i64, Problem> {
    cursor.parse().ok().filter(|position| *position > 0).ok_or_else(|| Problem::new(Code::InvalidCursor))
}
