//! An identity without an account: enough for carts, chat, and later for claiming its orders.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use souk_actors::accounts::view::AccountView;
use utoipa::ToSchema;

use super::answer::SessionView;
use crate::extract::{JsonBody, Text};
use crate::problem::Problem;
use crate::state::App;
use crate::token::LIFE_SECONDS;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenGuestSession {
    /// What others see.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    name: Text<1, 100>,
}

#[utoipa::path(
    post, path = "/api/v1/sessions/guest", operation_id = "openGuestSession", tag = "accounts",
    summary = "Gives an identity to anybody",
    request_body = OpenGuestSession,
    responses(
        (status = 201, body = SessionView, description = "The identity and its token"),
        (status = 422, description = "`invalid_body`"),
    ),
)]
pub async fn guest(
    State(app): State<App>,
    JsonBody(OpenGuestSession { name }): JsonBody<OpenGuestSession>,
) -> Result<impl IntoResponse, Problem> {
    let identity = app.market.accounts.create_guest(name.0).await?;
    let access_token = app.edge.tokens.issue(&identity, app.market.clock.now());
    let account = AccountView::guest(&identity);
    Ok((StatusCode::CREATED, Json(SessionView { account, access_token, expires_in: LIFE_SECONDS })))
}
