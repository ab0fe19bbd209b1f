//! The keys of other programs.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use souk_domain::account::role::Permission;
use souk_domain::time::Timestamp;
use souk_persistence::accounts::ApiKeyRecord;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyItem {
    #[schema(example = "key_01h455vb4pex5vsknk084sn02q")]
    id: String,
    name: String,
    /// How the key begins.
    #[schema(example = "souk_Ab3xYz")]
    prefix: String,
    /// What it may do.
    scopes: Vec<Permission>,
    /// Who made it.
    #[schema(example = "acct_01h455vb4pex5vsknk084sn02q")]
    created_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

impl From<ApiKeyRecord> for ApiKeyItem {
    fn from(record: ApiKeyRecord) -> Self {
        let ApiKeyRecord { id, name, prefix, digest: _, scopes, created_by, created_at, expires_at } = record;
        let scopes = scopes.into_iter().collect();
        Self { id: id.to_string(), name, prefix, scopes, created_by, created_at, expires_at }
    }
}

/// All of them: there are at most 1,000.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyList {
    items: Vec<ApiKeyItem>,
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/api/v1/api-keys", operation_id = "listApiKeys", tag = "accounts",
    summary = "Lists the keys of other programs",
    security(("bearer" = [])),
    responses(
        (status = 200, body = ApiKeyList, description = "Those that have not ended"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
    ),
)]
pub async fn list(State(app): State<App>) -> Result<Json<ApiKeyList>, Problem> {
    let keys = app.market.accounts.api_keys().await?;
    Ok(Json(ApiKeyList { items: keys.into_iter().map(Into::into).collect(), next: None }))
}
