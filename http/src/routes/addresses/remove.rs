//! Takes an entry out of the address book.

use axum::extract::State;
use axum::http::StatusCode;
use souk_domain::id::AddressId;

use crate::extract::{Account, PathIds};
use crate::problem::Problem;
use crate::state::App;

#[utoipa::path(
    delete, path = "/api/v1/accounts/me/addresses/{id}", operation_id = "removeAddress", tag = "accounts",
    summary = "Removes an address",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn remove(
    State(app): State<App>,
    account: Account,
    PathIds(id): PathIds<AddressId>,
) -> Result<StatusCode, Problem> {
    app.market.accounts.remove_address(account.id(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
