//! The next access token, for the refresh token of the cookie, which is exchanged too.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use souk_actors::accounts::AccountError;

use super::answer::{SessionView, session};
use crate::problem::{Code, Problem};
use crate::refresh_cookie::{RefreshToken, cleared};
use crate::state::App;

#[utoipa::path(
    post, path = "/api/v1/sessions/refresh", operation_id = "refreshSession", tag = "accounts",
    summary = "Gives the next access token of a session",
    description = "The refresh token is the cookie `souk_refresh`. It is good once: the answer sets the next one, but \
        within ten seconds of its exchange, when another tab was quicker. One that comes again later ends the session.",
    responses(
        (status = 200, body = SessionView, description = "The account and its token",
            headers(("Set-Cookie" = String, description = "The next refresh token"))),
        (status = 401, description = "`session_over`"),
        (status = 403, description = "`origin_refused`"),
    ),
)]
pub async fn refresh(State(app): State<App>, RefreshToken(token): RefreshToken) -> Result<Response, Problem> {
    let over = || (cleared(), Problem::new(Code::SessionOver)).into_response();
    let Some(token) = token else { return Ok(over()) };
    match app.market.accounts.refresh(&token).await {
        Ok(opened) => Ok(session(&app, StatusCode::OK, opened)),
        Err(AccountError::SessionOver | AccountError::NotFound) => Ok(over()),
        Err(error) => Err(error.into()),
    }
}
