//! Signs another device out.

use axum::extract::State;
use axum::http::StatusCode;
use souk_domain::id::SessionId;

use crate::extract::{Account, PathIds};
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", operation_id = "endSession", tag = "accounts",
    summary = "Ends a session of the account",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Its tokens are not taken any more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn end(
    State(app): State<App>,
    account: Account,
    PathIds(id): PathIds<SessionId>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.end_session(account.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
