//! What everybody gets who signs in, by whatever way.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use souk_actors::accounts::sign_in::Opened;
use souk_actors::accounts::view::AccountView;
use utoipa::ToSchema;

use crate::refresh_cookie;
use crate::state::App;
use crate::token::LIFE_SECONDS;

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    pub account: AccountView,
    /// For `Authorization: Bearer`. Keep it in memory.
    pub access_token: String,
    /// Seconds.
    pub expires_in: i64,
}

/// The answer to somebody with a session; with its cookie where there is a new refresh token.
pub fn session(app: &App, status: StatusCode, opened: Opened) -> Response {
    let Opened { account, session, token } = opened;
    let (accounts, now) = (&app.market.accounts, app.market.clock.now());
    let access_token = app.edge.tokens.issue_to(&account, &accounts.standing(&account), session.id, now);
    let body = Json(SessionView { account: accounts.view(&account), access_token, expires_in: LIFE_SECONDS });
    let seconds = i64::try_from(session.expires_at.since(now).as_secs()).unwrap_or(i64::MAX);
    match token {
        Some(token) => (status, refresh_cookie::set(&token, seconds), body).into_response(),
        None => (status, body).into_response(),
    }
}
