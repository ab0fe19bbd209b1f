//! Another role or other permissions for an account. Nobody gives what they do not have.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_actors::accounts::staff::Actor;
use souk_actors::accounts::view::AccountView;
use souk_domain::account::role::{Permission, Role};
use souk_domain::id::AccountId;
use utoipa::ToSchema;

use crate::extract::{JsonBody, PathIds, Staff};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    role: Option<Role>,
    /// All that it is to have; they count for staff only.
    #[schema(max_items = 20)]
    permissions: Option<Vec<Permission>>,
}

#[utoipa::path(
    patch, path = "/api/v1/accounts/{id}", operation_id = "changeAccount", tag = "accounts",
    summary = "Gives an account another role or other permissions",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    request_body = ChangeAccount,
    responses(
        (status = 200, body = AccountView, description = "The account after it; its tokens of before count no more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn change(
    State(app): State<App>,
    Staff(by): Staff,
    PathIds(id): PathIds<AccountId>,
    JsonBody(ChangeAccount { role, permissions }): JsonBody<ChangeAccount>,
) -> Result<Json<AccountView>, Problem> {
    let actor = Actor { id: by.identity.id.clone(), standing: by.standing.clone() };
    let permissions = permissions.map(|permissions| permissions.into_iter().collect());
    let account = app.market.accounts.change_standing(&actor, id, role, permissions).await?;
    Ok(Json(app.market.accounts.view(&account)))
}
