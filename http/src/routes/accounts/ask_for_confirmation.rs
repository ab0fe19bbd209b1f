//! Sends the mail again that confirms the address.

use axum::extract::State;
use axum::http::StatusCode;

use crate::extract::Account;
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    post, path = "/api/v1/accounts/me/confirmation", operation_id = "askForConfirmation", tag = "accounts",
    summary = "Sends the mail again that confirms the address",
    security(("bearer" = [])),
    responses(
        (status = 202, description = "It is on its way, unless the address is confirmed already"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn ask_for_confirmation(State(app): State<App>, account: Account) -> Result<StatusCode, Problem> {
    app.market.accounts.ask_for_confirmation(account.id()).await?;
    Ok(StatusCode::ACCEPTED)
}
