//! The pictures of the demo catalogue, which are part of the binary.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::Embed;

use crate::extract::{IfNoneMatch, PathIds};
use crate::problem::Problem;

#[derive(Embed)]
#[folder = "../demo/media"]
struct Pictures;

#[utoipa::path(
    get, path = "/media/{file}", operation_id = "getMedia", tag = "products",
    summary = "A picture of the demo catalogue",
    params(("file" = String, Path, example = "ember-stoneware-mug.svg")),
    responses(
        (status = 200, description = "The picture", content_type = "image/svg+xml"),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(PathIds(file): PathIds<String>, has: IfNoneMatch) -> Result<Response, Problem> {
    let picture = Pictures::get(&file).ok_or_else(Problem::not_found)?;
    let hash = picture.metadata.sha256_hash();
    let etag = format!("\"{}\"", hash[..12].iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let headers = [
        (header::ETAG, HeaderValue::try_from(&etag).expect("hex digits are valid in a header")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600, stale-while-revalidate=86400")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        // A picture that is opened as a page of its own must not be able to do anything.
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"),
        ),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    if has.has(&etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let body = match picture.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => bytes.into(),
    };
    Ok((headers, [(header::CONTENT_TYPE, media_type(&file))], Body::from(body)).into_response())
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ => "application/octet-stream",
    }
}
