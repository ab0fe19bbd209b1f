//! Where the account is signed in.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::accounts::view::SessionItem;
use utoipa::ToSchema;

use crate::extract::Account;
use crate::problem::Problem;
use crate::state::App;

/// All of them: an account has at most 100.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    items: Vec<SessionItem>,
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/sessions", operation_id = "listSessions", tag = "accounts",
    summary = "Lists where the account is signed in",
    security(("bearer" = [])),
    responses(
        (status = 200, body = SessionList, description = "The newest first"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
    ),
)]
pub async fn list(State(app): State<App>, Account(who): Account) -> Result<Json<SessionList>, Problem> {
    Ok(Json(SessionList { items: app.market.accounts.sessions(who).await?, next: None }))
}
