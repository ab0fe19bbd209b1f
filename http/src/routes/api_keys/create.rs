//! A key for another program. Nobody gives scopes that they do not have themselves.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use souk_actors::accounts::api_keys::NewApiKey;
use souk_domain::account::role::{Permission, Permissions};
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

use super::list::ApiKeyItem;
use crate::extract::{JsonBody, Staff, Text};
use crate::problem::{Code, FieldError, Problem};
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What people call it.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Warehouse")]
    name: Text<1, 100>,
    /// What it may do.
    #[schema(max_items = 20)]
    scopes: Vec<Permission>,
    /// It never ends without one.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedApiKey {
    #[serde(flatten)]
    item: ApiKeyItem,
    /// For `Authorization: Bearer`. It is not shown again.
    #[schema(example = "souk_Ab3xYzc2VjcmV0LW9mLWEta2V5")]
    key: String,
}

#[utoipa::path(
    post, path = "/api/v1/api-keys", operation_id = "createApiKey", tag = "accounts",
    summary = "Makes a key for another program",
    security(("bearer" = [])),
    request_body = CreateApiKey,
    responses(
        (status = 201, body = CreatedApiKey, description = "The key, this once"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 409, description = "`too_many`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn create(
    State(app): State<App>,
    Staff(by): Staff,
    JsonBody(CreateApiKey { name, scopes, expires_at }): JsonBody<CreateApiKey>,
) -> Result<(StatusCode, Json<CreatedApiKey>), Problem> {
    let scopes: Permissions = scopes.into_iter().collect();
    if !scopes.is_subset(&by.standing.allowed()) {
        return Err(Problem::new(Code::Forbidden).detail("nobody gives scopes that they do not have"));
    }
    if expires_at.is_some_and(|end| end <= app.market.clock.now()) {
        return Err(Problem::invalid_body(vec![FieldError::invalid("/expires_at", "must be in the future")]));
    }
    let made = app.market.accounts.create_api_key(name.0, scopes, expires_at, &by.identity.id).await?;
    let NewApiKey { record, text } = made;
    Ok((StatusCode::CREATED, Json(CreatedApiKey { item: record.into(), key: text })))
}
