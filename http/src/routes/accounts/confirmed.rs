//! What the links in mails have in common that confirm an address: what they send, and what follows.

use axum::Json;
use serde::Deserialize;
use souk_actors::accounts::view::AccountView;
use souk_persistence::accounts::AccountRecord;
use utoipa::ToSchema;

use crate::extract::Text;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// What the link in the mail has as `token`.
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "c2VjcmV0LW9mLWEtbGluaw")]
    pub token: Text<1, 200>,
}

/// Orders that were placed with the address as a guest become the account's.
pub async fn confirmed(app: &App, account: &AccountRecord) -> Json<AccountView> {
    app.market.claim_orders_of(account).await;
    Json(app.market.accounts.view(account))
}
