//! Begins with an authenticator.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use souk_actors::accounts::second_factor::Enrolment;
use utoipa::ToSchema;

use crate::extract::Account;
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentView {
    /// In base32, to be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same for a QR code.
    #[schema(example = "otpauth://totp/Souk:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Souk")]
    otpauth_uri: String,
}

#[utoipa::path(
    post, path = "/api/v1/accounts/me/totp", operation_id = "enrolTotp", tag = "accounts",
    summary = "Begins with an authenticator",
    description = "It counts once a code of it was shown to `/api/v1/accounts/me/totp/confirm`.",
    security(("bearer" = [])),
    responses(
        (status = 201, body = EnrolmentView, description = "The secret for the app; it is not shown again"),
        (status = 401, description = "`credentials_missing`, `token_expired`, `token_invalid`"),
        (status = 403, description = "`forbidden`"),
        (status = 409, description = "`second_factor_exists`"),
    ),
)]
pub async fn create(State(app): State<App>, account: Account) -> Result<(StatusCode, Json<EnrolmentView>), Problem> {
    let Enrolment { secret, otpauth_uri } = app.market.accounts.enrol_second_factor(account.id()).await?;
    Ok((StatusCode::CREATED, Json(EnrolmentView { secret, otpauth_uri })))
}
