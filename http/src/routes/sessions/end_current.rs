//! Signing out. By the cookie, so that it works for a page that has lost its access token; without one there is
//! nothing to end.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::refresh_cookie::{RefreshToken, cleared};
use crate::state::App;

#[utoipa::path(
    delete, path = "/api/v1/sessions/current", operation_id = "signOut", tag = "accounts",
    summary = "Signs out",
    description = "Ends the session of the cookie `souk_refresh`, and takes the cookie back.",
    responses(
        (status = 204, description = "The session is over",
            headers(("Set-Cookie" = String, description = "Takes the refresh token back"))),
        (status = 403, description = "`origin_refused`"),
    ),
)]
pub async fn end_current(State(app): State<App>, RefreshToken(token): RefreshToken) -> Result<Response, Problem> {
    if let Some(token) = token {
        app.market.accounts.end_session_of(&token).await?;
    }
    Ok((StatusCode::NO_CONTENT, cleared()).into_response())
}
