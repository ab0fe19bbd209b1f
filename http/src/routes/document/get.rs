//! The description of the API, for machines.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::extract::IfNoneMatch;
use crate::openapi::WRITTEN;

#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "getDocument", tag = "pages",
    summary = "This description (OpenAPI 3.1)",
    responses(
        (status = 200, body = Object, description = "The document"),
        (status = 304, description = "The client has it already"),
    ),
)]
pub async fn get(has: IfNoneMatch) -> Response {
    let headers = [
        (header::ETAG, HeaderValue::try_from(&WRITTEN.etag).expect("hex digits are valid in a header")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if has.has(&WRITTEN.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(header::CONTENT_TYPE, "application/json")], Body::from(WRITTEN.json.clone())).into_response()
}
