//! All that is kept of an account, for its owner (GDPR, article 20).

use axum::Json;
use axum::extract::State;
use souk_actors::customers::export::Export;

use crate::extract::Account;
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    get, path = "/api/v1/accounts/me/export", operation_id = "exportAccount", tag = "accounts",
    summary = "Gives all that is kept of the account",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Export, description = "Everything that names the account's owner"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
    ),
)]
pub async fn export(State(app): State<App>, Account(who): Account) -> Result<Json<Export>, Problem> {
    Ok(Json(app.market.export(who).await?))
}
