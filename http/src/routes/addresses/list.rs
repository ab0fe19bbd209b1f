//! The address book of the account.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_actors::carts::view::AddressView;
use souk_persistence::accounts::AddressRecord;
use utoipa::ToSchema;

use crate::extract::Account;
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct AddressItem {
    #[schema(example = "addr_01h455vb4pex5vsknk084sn02q")]
    id: String,
    address: AddressView,
    /// What a new cart begins with; one at most.
    default: bool,
}

impl From<AddressRecord> for AddressItem {
    fn from(record: AddressRecord) -> Self {
        let AddressRecord { id, account_id: _, address, is_default, created_at: _ } = record;
        Self { id: id.to_string(), address: AddressView::of(&address), default: is_default }
    }
}

/// All of them: an account has at most 50.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressList {
    items: Vec<AddressItem>,
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/accounts/me/addresses", operation_id = "listAddresses", tag = "accounts",
    summary = "Lists the address book",
    security(("bearer" = [])),
    responses(
        (status = 200, body = AddressList, description = "The default first, then the newest"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
    ),
)]
pub async fn list(State(app): State<App>, account: Account) -> Result<Json<AddressList>, Problem> {
    let addresses = app.market.accounts.addresses(account.id()).await?;
    Ok(Json(AddressList { items: addresses.into_iter().map(Into::into).collect(), next: None }))
}
