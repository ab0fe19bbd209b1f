//! Changes an entry of the address book; what is left out stays.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use souk_domain::id::AddressId;
use utoipa::ToSchema;

use super::create::checked;
use super::list::AddressItem;
use crate::extract::{Account, JsonBody, PathIds};
use crate::problem::Problem;
use crate::routes::carts::update::AddressBody;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAddress {
    address: Option<AddressBody>,
    default: Option<bool>,
}

#[utoipa::path(
    patch, path = "/api/v1/accounts/me/addresses/{id}", operation_id = "updateAddress", tag = "accounts",
    summary = "Changes an address",
    security(("bearer" = [])),
    params(("id" = String, Path)),
    request_body = UpdateAddress,
    responses(
        (status = 200, body = AddressItem, description = "The entry after it"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 404, description = "`not_found`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn update(
    State(app): State<App>,
    account: Account,
    PathIds(id): PathIds<AddressId>,
    JsonBody(UpdateAddress { address, default }): JsonBody<UpdateAddress>,
) -> Result<Json<AddressItem>, Problem> {
    let address = address.map(checked).transpose()?;
    let record = app.market.accounts.change_address(account.id(), id, address, default).await?;
    Ok(Json(record.into()))
}
