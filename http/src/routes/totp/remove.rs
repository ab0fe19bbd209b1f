//! Takes the authenticator away.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Password};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveTotp {
    #[schema(value_type = String, max_length = 1024, example = "correct horse battery staple")]
    password: Password,
}

#[utoipa::path(
    delete, path = "/api/v1/accounts/me/totp", operation_id = "removeTotp", tag = "accounts",
    summary = "Takes the authenticator away",
    security(("bearer" = [])),
    request_body = RemoveTotp,
    responses(
        (status = 204, description = "No code is asked for any more; access tokens of before count no more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`, `wrong_password`"),
        (status = 409, description = "`code_wrong`: there is none"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn remove(
    State(app): State<App>,
    account: Account,
    JsonBody(RemoveTotp { password }): JsonBody<RemoveTotp>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.remove_second_factor(account.id(), password.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
