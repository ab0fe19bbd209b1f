//! The end of an account. Orders stay, for the books; what names the person goes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Password};
use crate::problem::Problem;
use crate::refresh_cookie::cleared;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteAccount {
    #[schema(value_type = String, max_length = 1024, example = "correct horse battery staple")]
    password: Password,
}

#[utoipa::path(
    delete, path = "/api/v1/accounts/me", operation_id = "deleteAccount", tag = "accounts",
    summary = "Deletes the account",
    description = "Its sessions, addresses and links are gone; its orders and messages stay and read as erased.",
    security(("bearer" = [])),
    request_body = DeleteAccount,
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`, `wrong_password`"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn delete(
    State(app): State<App>,
    account: Account,
    JsonBody(DeleteAccount { password }): JsonBody<DeleteAccount>,
) -> Result<Response, Problem> {
    app.market.delete_account(account.id(), password.0).await?;
    Ok((StatusCode::NO_CONTENT, cleared()).into_response())
}
