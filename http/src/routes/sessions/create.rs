//! Signing in.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use souk_actors::accounts::sign_in::Credentials;
use utoipa::ToSchema;

use super::answer::{SessionView, session};
use crate::extract::{From, JsonBody, Password, Text};
use crate::problem::Problem;
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(value_type = String, min_length = 1, max_length = 320, example = "ada@example.com")]
    email: Text<1, 320>,
    #[schema(value_type = String, max_length = 1024, example = "correct horse battery staple")]
    password: Password,
    /// Of the authenticator, or a recovery code; where the account asks for one.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 32, example = "287082")]
    code: Option<Text<1, 32>>,
}

#[utoipa::path(
    post, path = "/api/v1/sessions", operation_id = "signIn", tag = "accounts",
    summary = "Signs in",
    request_body = SignIn,
    responses(
        (status = 201, body = SessionView, description = "The account and its token",
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 401, description = "`invalid_credentials`, `second_factor_required`"),
        (status = 422, description = "`invalid_body`"),
        (status = 429, description = "`too_many_tries`"),
    ),
)]
pub async fn create(
    State(app): State<App>,
    From(device): From,
    JsonBody(SignIn { email, password, code }): JsonBody<SignIn>,
) -> Result<Response, Problem> {
    let credentials = Credentials { email: email.0, password: password.0, code: code.map(|code| code.0) };
    let opened = app.market.accounts.sign_in(credentials, &device).await?;
    app.market.claim_orders_of(&opened.account).await;
    Ok(session(&app, StatusCode::CREATED, opened))
}
