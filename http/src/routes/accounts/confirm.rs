//! The link of the mail that confirms an address. Orders that were placed with it as a guest become the account's.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::accounts::view::AccountView;
use utoipa::ToSchema;

use crate::extract::{JsonBody, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// What the link in the mail has as `token`.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "c2VjcmV0LW9mLWEtbGluaw")]
    pub token: Text<1, 200>,
}

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
    app.market.claim_orders_of(&account).await;
    Ok(Json(app.market.accounts.view(&account)))
}
