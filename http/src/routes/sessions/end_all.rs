//! Signs somebody else out everywhere, as when their device was stolen.

use axum::extract::State;
use axum::http::StatusCode;
use souk_actors::accounts::staff::Actor;
use souk_domain::id::AccountId;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    delete, path = "/api/v1/accounts/{id}/sessions", operation_id = "endSessionsOf", tag = "accounts",
    summary = "Signs an account out everywhere",
    description = "Admins may for every account, staff for those of customers and sellers.",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "Its sessions are over, and its tokens are not taken any more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn end_all(
    State(app): State<App>,
    Staff(by): Staff,
    PathIds(id): PathIds<AccountId>,
) -> Result<StatusCode, Problem> {
    let actor = Actor { id: by.identity.id.clone(), standing: by.standing.clone() };
    app.market.accounts.end_sessions_of(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
