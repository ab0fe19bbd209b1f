//! Who the token is for.

use axum::Json;
use axum::extract::State;
use souk_actors::accounts::view::AccountView;
use souk_domain::id::AccountId;

use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    get, path = "/api/v1/accounts/me", operation_id = "getAccount", tag = "accounts",
    summary = "Shows the account of the token",
    security(("bearer" = [])),
    responses(
        (status = 200, body = AccountView, description = "The account, or the guest"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 404, description = "`not_found`: it is gone"),
    ),
)]
pub async fn get(State(app): State<App>, Caller(identity): Caller) -> Result<Json<AccountView>, Problem> {
    let accounts = &app.market.accounts;
    Ok(Json(match identity.id.parse::<AccountId>() {
        Ok(id) => accounts.view(&accounts.account(id).await?),
        Err(_) => AccountView::guest(&identity),
    }))
}
