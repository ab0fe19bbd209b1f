//! A new account, signed in at once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use souk_actors::accounts::register::Newcomer;
use utoipa::ToSchema;

use crate::extract::{From, JsonBody, Password, Text};
use crate::problem::Problem;
use crate::routes::sessions::answer::{SessionView, session};
use crate::state::App;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    #[schema(value_type = String, min_length = 1, max_length = 320, example = "ada@example.com")]
    email: Text<1, 320>,
    /// 8 to 256 characters, and not among the first that somebody would guess.
    #[schema(value_type = String, min_length = 8, max_length = 256, example = "correct horse battery staple")]
    password: Password,
    /// What others see.
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Ada Lovelace")]
    name: Text<1, 100>,
}

#[utoipa::path(
    post, path = "/api/v1/accounts", operation_id = "register", tag = "accounts",
    summary = "Makes an account",
    description = "A mail with a link confirms the address.",
    request_body = Register,
    responses(
        (status = 201, body = SessionView, description = "The account and its token",
            headers(("Set-Cookie" = String, description = "The refresh token"))),
        (status = 409, description = "`email_taken`"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn create(
    State(app): State<App>,
    From(device): From,
    JsonBody(Register { email, password, name }): JsonBody<Register>,
) -> Result<Response, Problem> {
    let newcomer = Newcomer { email: email.0, password: password.0, name: name.0 };
    let opened = app.market.accounts.register(newcomer, &device).await?;
    Ok(session(&app, StatusCode::CREATED, opened))
}
