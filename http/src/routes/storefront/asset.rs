//! A file of the store app.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::extract::PathIds;
use crate::problem::Problem;
use crate::storefront::assets::Asset;

#[utoipa::path(
    get, path = "/assets/{file}", operation_id = "getAsset", tag = "pages",
    summary = "A file of the store app; its name changes with its content",
    params(("file" = String, Path)),
    responses(
        (status = 200, description = "The file"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn asset(PathIds(file): PathIds<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Asset { bytes, encoding, media_type } =
        Asset::find(&format!("assets/{file}"), accepted).ok_or_else(Problem::not_found)?;
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    // The name holds a hash of the content, so what it names never changes.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}
