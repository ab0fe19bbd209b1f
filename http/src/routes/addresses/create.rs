//! A new entry of the address book.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use souk_domain::address::Address;
use utoipa::ToSchema;

use super::list::AddressItem;
use crate::extract::{Account, JsonBody};
use crate::problem::{FieldError, Problem};
use crate::routes::carts::update::AddressBody;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAddress {
    address: AddressBody,
    /// The first one is the default anyway.
    #[serde(default)]
    default: bool,
}

#[utoipa::path(
    post, path = "/api/v1/accounts/me/addresses", operation_id = "addAddress", tag = "accounts",
    summary = "Adds an address",
    security(("bearer" = [])),
    request_body = AddAddress,
    responses(
        (status = 201, body = AddressItem, description = "The new entry"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 409, description = "`too_many`: an address book has 50"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn create(
    State(app): State<App>,
    account: Account,
    JsonBody(AddAddress { address, default }): JsonBody<AddAddress>,
) -> Result<(StatusCode, Json<AddressItem>), Problem> {
    let record = app.market.accounts.add_address(account.id(), checked(address)?, default).await?;
    Ok((StatusCode::CREATED, Json(record.into())))
}

/// All faults at once, so that a form can show them all.
pub fn checked(body: AddressBody) -> Result<Address, Problem> {
    let address = Address::from(body);
    let faults = address.faults().into_iter();
    let faults: Vec<_> =
        faults.map(|(field, fault)| FieldError::of_address(format!("/address/{field}"), fault)).collect();
    if faults.is_empty() { Ok(address) } else { Err(Problem::invalid_body(faults)) }
}
