//! Plays the bank's own page, where a buyer proves to be one. Only with the sandbox as the provider.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_integrations::payments::{Challenge, IntentRef, IntentStatus};
use utoipa::ToSchema;

use crate::extract::{JsonBody, PathIds};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveChallenge {
    #[schema(inline)]
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChallengeResolved {
    /// The provider's own word for how the payment stands.
    #[schema(example = "captured")]
    status: &'static str,
}

#[utoipa::path(
    post, path = "/sandbox/challenges/{intent}", operation_id = "resolveChallenge", tag = "payments",
    summary = "Passes or fails the challenge of a sandbox payment",
    params(("intent" = String, Path, description = "As in the payment's `action_url`")),
    request_body = ResolveChallenge,
    responses(
        (status = 200, body = ChallengeResolved, description = "How it stands now; the payment follows at once"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn challenge(
    State(app): State<App>,
    PathIds(intent): PathIds<String>,
    JsonBody(ResolveChallenge { outcome }): JsonBody<ResolveChallenge>,
) -> Result<Json<ChallengeResolved>, Problem> {
    let desk = app.challenges.as_ref().ok_or_else(Problem::not_found)?;
    let outcome = match outcome {
        Outcome::Pass => Challenge::Pass,
        Outcome::Fail => Challenge::Fail,
    };
    let intent = desk.resolve_challenge(&IntentRef(intent), outcome).await?;
    // The provider tells by webhook too; asking at once only makes the buyer's next look find it settled.
    app.market.payments.refresh(&intent.reference.0).await?;
    Ok(Json(ChallengeResolved { status: word(&intent.status) }))
}

fn word(status: &IntentStatus) -> &'static str {
    match status {
        IntentStatus::RequiresMethod => "requires_method",
        IntentStatus::Declined { .. } => "declined",
        IntentStatus::RequiresAction => "requires_action",
        IntentStatus::Processing { .. } => "processing",
        IntentStatus::Captured => "captured",
        IntentStatus::Cancelled => "voided",
    }
}
