//! A new key signs access tokens from now on, on every node within a second or two.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use souk_actors::accounts::signing_keys::KEYS_OUTLIVE_TOKENS;
use utoipa::ToSchema;

use crate::extract::{OptionalJsonBody, Staff};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateKeys {
    /// The keys of before verify nothing any more, for one that may be in the wrong hands: everybody gets a new token.
    #[serde(default)]
    withdraw: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotatedKeys {
    /// The new key, as tokens and `/.well-known/jwks.json` name it.
    #[schema(example = "0197a3c2d5e87b1f9a2c4d6e8f0a1b2c")]
    kid: String,
}

#[utoipa::path(
    post, path = "/api/v1/signing-keys", operation_id = "rotateSigningKeys", tag = "accounts",
    summary = "Changes the key that signs access tokens",
    description = "The keys of before go on verifying until the last token of theirs has ended.",
    security(("bearer" = [])),
    request_body = Option<RotateKeys>,
    responses(
        (status = 201, body = RotatedKeys, description = "The new key"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn rotate(
    State(app): State<App>,
    Staff(by): Staff,
    OptionalJsonBody(RotateKeys { withdraw }): OptionalJsonBody<RotateKeys>,
) -> Result<(StatusCode, Json<RotatedKeys>), Problem> {
    let verify_for = if withdraw { Duration::ZERO } else { KEYS_OUTLIVE_TOKENS };
    let kid = app.market.accounts.rotate_keys(verify_for, &by.identity.id).await?;
    Ok((StatusCode::CREATED, Json(RotatedKeys { kid })))
}
