//! The caller's own orders.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_actors::customers::orders::OrderItem;
use souk_actors::marketplace::Marketplace;
use souk_actors::runtime::error::Unavailable;
use utoipa::ToSchema;

use crate::extract::place::{Place, cursor};
use crate::extract::{Caller, Parameters, Whole};
use crate::problem::Problem;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrderPage {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Place>,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderList {
    items: Vec<OrderItem>,
    /// Asks for the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/orders", operation_id = "listOrders", tag = "orders",
    summary = "Lists the caller's own orders, newest first",
    security(("bearer" = [])),
    params(OrderPage),
    responses(
        (status = 200, body = OrderList, description = "A page"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 422, description = "`invalid_parameter`"),
    ),
)]
pub async fn list(
    State(market): State<Arc<Marketplace>>,
    Caller(identity): Caller,
    Parameters(OrderPage { cursor: before, limit }): Parameters<OrderPage>,
) -> Result<Json<OrderList>, Problem> {
    let before = before.map(|place| place.named()).transpose()?;
    let limit = limit.map_or(20, |limit| limit.0 as usize);
    let (items, next) = market.orders_of(&identity.id, before, limit).await.map_err(|_| Unavailable::Store)?;
    Ok(Json(OrderList { items, next: next.map(cursor) }))
}
