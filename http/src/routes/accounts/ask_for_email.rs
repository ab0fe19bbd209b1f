//! Another address: a mail to it has the link that makes it the account's.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Password, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForEmail {
    #[schema(value_type = String, max_length = 1024, example = "correct horse battery staple")]
    password: Password,
    #[schema(value_type = String, min_length = 1, max_length = 320, example = "ada@example.org")]
    email: Text<1, 320>,
}

#[utoipa::path(
    post, path = "/api/v1/accounts/me/email", operation_id = "askForEmail", tag = "accounts",
    summary = "Asks for another address",
    security(("bearer" = [])),
    request_body = AskForEmail,
    responses(
        (status = 202, description = "A mail to the new address is on its way"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`, `wrong_password`"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn ask_for_email(
    State(app): State<App>,
    account: Account,
    JsonBody(AskForEmail { password, email }): JsonBody<AskForEmail>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.ask_for_email(account.id(), password.0, &email.0).await?;
    Ok(StatusCode::ACCEPTED)
}
