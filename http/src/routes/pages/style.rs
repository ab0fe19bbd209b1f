//! How the pages look.

use axum::http::header;
use axum::response::IntoResponse;

#[utoipa::path(
    get, path = "/page.css", operation_id = "getStyle", tag = "pages",
    summary = "How the pages look",
    responses((status = 200, description = "A stylesheet", content_type = "text/css")),
)]
pub async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::VARY, "accept-encoding"),
    ];
    (headers, include_str!("page.css"))
}
