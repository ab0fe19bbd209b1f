//! A key that counts no more, within a second or two on every node.

use axum::extract::State;
use axum::http::StatusCode;
use souk_domain::id::ApiKeyId;

use crate::extract::{PathIds, Staff};
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", operation_id = "removeApiKey", tag = "accounts",
    summary = "Takes a key back",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is not taken any more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn remove(
    State(app): State<App>,
    Staff(by): Staff,
    PathIds(id): PathIds<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.remove_api_key(id, &by.identity.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
