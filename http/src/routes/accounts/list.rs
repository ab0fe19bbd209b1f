//! Accounts, for staff.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use souk_actors::accounts::view::AccountView;
use souk_domain::id::AccountId;
use utoipa::ToSchema;

use crate::extract::{Parameters, Text, Whole};
use crate::problem::{Code, FieldError, Problem};
use crate::state::App;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindAccounts {
    /// A part of the address or the name.
    #[param(value_type = Option<String>, max_length = 100)]
    query: Option<Text<0, 100>>,
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Option<Whole<1, 100>>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AccountList {
    items: Vec<AccountView>,
    /// Asks for the next page; null on the last.
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/accounts", operation_id = "listAccounts", tag = "accounts",
    summary = "Finds accounts",
    security(("bearer" = [])),
    params(FindAccounts),
    responses(
        (status = 200, body = AccountList, description = "The newest first"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 422, description = "`invalid_parameter`, `invalid_cursor`"),
    ),
)]
pub async fn list(
    State(app): State<App>,
    Parameters(FindAccounts { query, limit, cursor }): Parameters<FindAccounts>,
) -> Result<Json<AccountList>, Problem> {
    let before = cursor.map(|cursor| cursor.parse::<AccountId>()).transpose().map_err(|_| bad_cursor())?;
    let (accounts, limit) = (&app.market.accounts, limit.map_or(20, |limit| limit.0 as usize));
    let text = query.map_or_else(String::new, |text| text.0);
    let found = accounts.find(&text, before, limit).await?;
    let next = (found.len() == limit).then(|| found.last().map(|account| account.id.to_string())).flatten();
    Ok(Json(AccountList { items: found.iter().map(|account| accounts.view(account)).collect(), next }))
}

pub fn bad_cursor() -> Problem {
    Problem::new(Code::InvalidCursor).errors(vec![FieldError::invalid("?cursor", "is not one that was given")])
}
