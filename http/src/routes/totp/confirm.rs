//! A first code shows that the app has the secret.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::{Account, JsonBody, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmTotp {
    #[schema(value_type = String, min_length = 1, max_length = 32, example = "287082")]
    code: Text<1, 32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each signs in once instead of a code. They are not shown again.
    #[schema(example = json!(["abcde-fghjk"]))]
    recovery_codes: Vec<String>,
}

#[utoipa::path(
    post, path = "/api/v1/accounts/me/totp/confirm", operation_id = "confirmTotp", tag = "accounts",
    summary = "Shows a first code of the authenticator",
    security(("bearer" = [])),
    request_body = ConfirmTotp,
    responses(
        (status = 200, body = RecoveryCodes, description = "A code is asked for from now on; access tokens of before count no more"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 409, description = "`code_wrong`, `second_factor_exists`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn confirm(
    State(app): State<App>,
    account: Account,
    JsonBody(ConfirmTotp { code }): JsonBody<ConfirmTotp>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let recovery_codes = app.market.accounts.confirm_second_factor(account.id(), &code.0).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}
