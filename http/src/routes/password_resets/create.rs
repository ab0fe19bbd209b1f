//! Somebody who forgot: the answer is the same whether there is such an account or not.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{From, JsonBody, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForReset {
    #[schema(value_type = String, min_length = 1, max_length = 320, example = "ada@example.com")]
    email: Text<1, 320>,
}

#[utoipa::path(
    post, path = "/api/v1/password-resets", operation_id = "askForPasswordReset", tag = "accounts",
    summary = "Asks for a mail that sets a new password",
    request_body = AskForReset,
    responses(
        (status = 202, description = "If an account has this address, a mail is on its way"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn create(
    State(app): State<App>,
    From(device): From,
    JsonBody(AskForReset { email }): JsonBody<AskForReset>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.ask_for_reset(&email.0, &device.network).await?;
    Ok(StatusCode::ACCEPTED)
}
