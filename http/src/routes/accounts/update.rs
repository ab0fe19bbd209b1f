//! What an account is called. Role, address and the rest are not changed this way.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::accounts::view::AccountView;
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAccount {
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, example = "Ada Lovelace")]
    name: Option<Text<1, 100>>,
}

#[utoipa::path(
    patch, path = "/api/v1/accounts/me", operation_id = "updateAccount", tag = "accounts",
    summary = "Changes what the account is called",
    security(("bearer" = [])),
    request_body = UpdateAccount,
    responses(
        (status = 200, body = AccountView, description = "The account after it"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn update(
    State(app): State<App>,
    account: Account,
    JsonBody(UpdateAccount { name }): JsonBody<UpdateAccount>,
) -> Result<Json<AccountView>, Problem> {
    let accounts = &app.market.accounts;
    let record = match name {
        Some(name) => accounts.rename(account.id(), &name.0).await?,
        None => accounts.account(account.id()).await?,
    };
    Ok(Json(accounts.view(&record)))
}
