//! The link of the mail that went to a new address: it is the account's from now on.

use axum::Json;
use axum::extract::State;
use souk_actors::accounts::view::AccountView;

use super::confirmed::{LinkToken, confirmed};
use crate::extract::JsonBody;
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    post, path = "/api/v1/accounts/email", operation_id = "changeEmail", tag = "accounts",
    summary = "Makes a new address the account's",
    request_body = LinkToken,
    responses(
        (status = 200, body = AccountView, description = "The account"),
        (status = 409, description = "`link_invalid`, `email_taken`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn change_email(
    State(app): State<App>,
    JsonBody(LinkToken { token }): JsonBody<LinkToken>,
) -> Result<Json<AccountView>, Problem> {
    let account = app.market.accounts.change_email(&token.0).await?;
    Ok(confirmed(&app, &account).await)
}
