//! The payment provider says that something changed. What it says is a hint: the payment asks the provider itself,
//! so a webhook that comes twice, late or again changes nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use souk_actors::marketplace::Marketplace;

use crate::extract::{PathIds, RawBody};
use crate::problem::{Code, Problem};

#[utoipa::path(
    post, path = "/api/v1/payments/webhooks/{provider}", operation_id = "receivePaymentWebhook", tag = "payments",
    summary = "Takes a webhook of the payment provider",
    description = "Signed by the provider over the bytes of its body. An event that is not about a payment is taken and left.",
    params(("provider" = String, Path, description = "`sandbox` or `stripe`, whichever takes the payments")),
    responses(
        (status = 204, description = "Taken"),
        (status = 400, description = "`webhook_malformed`, `webhook_signature_invalid`, `webhook_stale`"),
        (status = 404, description = "`not_found`, `webhook_intent_unknown`"),
        (status = 413, description = "`body_too_large`"),
    ),
)]
pub async fn webhook(
    State(market): State<Arc<Marketplace>>,
    PathIds(provider): PathIds<String>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<StatusCode, Problem> {
    if provider != market.provider.name() {
        return Err(Problem::not_found());
    }
    let unsigned = || Problem::new(Code::WebhookSignatureInvalid).detail("it carries no signature");
    let signature = headers.get(market.provider.signature_header()).and_then(|value| value.to_str().ok());
    let hint = market.provider.read_webhook(signature.ok_or_else(unsigned)?, &body, market.clock.now())?;
    if let Some(intent) = hint.intent
        && market.payments.refresh(&intent.0).await?.is_none()
    {
        return Err(Problem::new(Code::WebhookIntentUnknown));
    }
    Ok(StatusCode::NO_CONTENT)
}
