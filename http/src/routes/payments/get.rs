//! A payment as it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::view::PaymentView;
use souk_domain::id::PaymentId;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{OrderViewer, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    get, path = "/api/v1/payments/{id}", operation_id = "getPayment", tag = "payments",
    summary = "Shows a payment",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    responses(
        (status = 200, body = PaymentView, description = "The payment"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<PaymentId>,
    OrderViewer(viewer): OrderViewer,
) -> Result<Json<PaymentView>, Problem> {
    Ok(Json(market.payments.view(id, &viewer).await?))
}
