//! The link of the mail sets a new password. Every device is signed out.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{JsonBody, Password, Text};
use crate::problem::{Problem, accounts};
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// What the link in the mail has as `token`.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "c2VjcmV0LW9mLWEtbGluaw")]
    token: Text<1, 200>,
    #[schema(value_type = String, min_length = 8, max_length = 256, example = "wandering copper lanterns")]
    new_password: Password,
}

#[utoipa::path(
    post, path = "/api/v1/password-resets/complete", operation_id = "resetPassword", tag = "accounts",
    summary = "Sets a new password",
    request_body = ResetPassword,
    responses(
        (status = 204, description = "Set; every session is over"),
        (status = 409, description = "`link_invalid`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn complete(
    State(app): State<App>,
    JsonBody(ResetPassword { token, new_password }): JsonBody<ResetPassword>,
) -> Result<StatusCode, Problem> {
    let reset = app.market.accounts.reset_password(&token.0, new_password.0).await;
    reset.map_err(|error| accounts::at("/new_password", error))?;
    Ok(StatusCode::NO_CONTENT)
}
