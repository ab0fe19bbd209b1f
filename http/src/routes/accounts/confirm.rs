//! The link of the mail that confirms an address.

use axum::Json;
use axum::extract::State;
use souk_actors::accounts::view::AccountView;

use super::confirmed::{LinkToken, confirmed};
use crate::extract::JsonBody;
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    post, path = "/api/v1/accounts/confirm", operation_id = "confirmEmail", tag = "accounts",
    summary = "Confirms the address of an account",
    request_body = LinkToken,
    responses(
        (status = 200, body = AccountView, description = "The account"),
        (status = 409, description = "`link_invalid`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn confirm(
    State(app): State<App>,
    JsonBody(LinkToken { token }): JsonBody<LinkToken>,
) -> Result<Json<AccountView>, Problem> {
    let account = app.market.accounts.confirm_email(&token.0).await?;
    Ok(confirmed(&app, &account).await)
}
