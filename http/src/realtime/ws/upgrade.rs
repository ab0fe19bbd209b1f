//! From the request to the socket: `GET /ws` with the headers of RFC 6455, section 4.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use fastwebsockets::upgrade::UpgradeFut;

use super::socket;
use crate::problem::{Code, Problem};
use crate::realtime::node::Seat;
use crate::realtime::session::setting::Setting;

/// What is spoken here. A client that names what it speaks has to name this.
pub const SUBPROTOCOL: HeaderValue = HeaderValue::from_static("souk.v1");

/// When a client may come again that found all seats taken.
const FULL: Duration = Duration::from_secs(5);

/// Answers 101 and serves the socket in a task of its own.
pub async fn upgrade(State(setting): State<Setting>, mut request: Request) -> Response {
    if !fastwebsockets::upgrade::is_upgrade_request(&request) {
        return not_a_websocket();
    }
    let Ok(subprotocol) = subprotocol(request.headers()) else {
        return Problem::new(Code::MalformedRequest).detail("the only subprotocol here is souk.v1").into_response();
    };
    let Some(seat) = setting.realtime.seat() else {
        return Problem::new(Code::Overloaded).retry_after(FULL).into_response();
    };
    let Ok((response, socket)) = fastwebsockets::upgrade::upgrade(&mut request) else {
        return not_a_websocket();
    };
    tokio::spawn(accepted(socket, setting, seat));
    let mut response = response.map(Body::new);
    if let Some(subprotocol) = subprotocol {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    response
}

async fn accepted(socket: UpgradeFut, setting: Setting, seat: Seat) {
    match socket.await {
        Ok(socket) => socket::serve(socket.into_inner(), setting, seat).await,
        Err(error) => tracing::debug!(%error, "a connection ended before it became a socket"),
    }
}

/// The subprotocol to answer with: none where none was offered.
fn subprotocol(headers: &HeaderMap) -> Result<Option<HeaderValue>, ()> {
    let mut offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().peekable();
    if offers.peek().is_none() {
        return Ok(None);
    }
    if offers.any(|offer| names(offer).any(|name| name == SUBPROTOCOL.as_bytes())) {
        Ok(Some(SUBPROTOCOL))
    } else {
        Err(())
    }
}

/// The header may come several times, each with several names.
fn names(offer: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    offer.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii)
}

/// What has to be spoken instead (RFC 9110, section 15.5.22, and RFC 6455, section 4.4).
fn not_a_websocket() -> Response {
    let mut response = Problem::new(Code::UpgradeRequired).into_response();
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}
