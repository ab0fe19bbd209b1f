//! The buyer pays.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::view::PaymentView;
use souk_domain::id::PaymentId;
use souk_domain::payment::state::PaymentMethod;
use utoipa::ToSchema;

use crate::extract::order_key::OrderKeyParameters;
use crate::extract::{JsonBody, OrderViewer, PathIds, Text};
use crate::problem::Problem;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPayment {
    method: Method,
}

/// What it names is the provider's own token, never a card number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PaymentMethod)]
pub enum Method {
    SandboxCard {
        /// `tok_ok`, `tok_declined`, `tok_challenge` or `tok_late`; `docs/operations.md` has those that misbehave.
        #[schema(value_type = String, min_length = 1, max_length = 255)]
        token: Text<1, 255>,
    },
    Stripe {
        /// `pm_...`, as Stripe's code in the browser names it.
        #[schema(value_type = String, min_length = 1, max_length = 255)]
        payment_method: Text<1, 255>,
    },
}

#[utoipa::path(
    post, path = "/api/v1/payments/{id}/confirm", operation_id = "confirmPayment", tag = "payments",
    summary = "Pays",
    description = "Confirming what is captured answers the same and captures nothing; a parallel confirmation joins the running one.",
    security((), ("bearer" = [])),
    params(("id" = String, Path), OrderKeyParameters),
    request_body = ConfirmPayment,
    responses(
        (status = 200, body = PaymentView, description = "`status` is `captured`, `declined`, `requires_action` (with `action_url`) or `processing`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`payment_closed`, `too_many_attempts`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn confirm(
    State(market): State<Arc<Marketplace>>,
    PathIds(id): PathIds<PaymentId>,
    OrderViewer(viewer): OrderViewer,
    JsonBody(ConfirmPayment { method }): JsonBody<ConfirmPayment>,
) -> Result<Json<PaymentView>, Problem> {
    Ok(Json(market.payments.confirm(id, &viewer, method.into()).await?))
}

impl From<Method> for PaymentMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::SandboxCard { token } => Self::SandboxCard { token: token.0 },
            Method::Stripe { payment_method } => Self::Stripe { payment_method: payment_method.0 },
        }
    }
}
