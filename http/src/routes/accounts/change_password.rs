//! Another password. Every other device is signed out.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Password};
use crate::problem::{Problem, accounts};
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(value_type = String, max_length = 1024, example = "correct horse battery staple")]
    current_password: Password,
    #[schema(value_type = String, min_length = 8, max_length = 256, example = "wandering copper lanterns")]
    new_password: Password,
}

#[utoipa::path(
    post, path = "/api/v1/accounts/me/password", operation_id = "changePassword", tag = "accounts",
    summary = "Changes the password",
    security(("bearer" = [])),
    request_body = ChangePassword,
    responses(
        (status = 204, description = "Changed; every other session is over"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`, `wrong_password`"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn change_password(
    State(app): State<App>,
    Account(who): Account,
    JsonBody(ChangePassword { current_password, new_password }): JsonBody<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let changed = app.market.accounts.change_password(who, current_password.0, new_password.0).await;
    changed.map_err(|error| accounts::at("/new_password", error))?;
    Ok(StatusCode::NO_CONTENT)
}
