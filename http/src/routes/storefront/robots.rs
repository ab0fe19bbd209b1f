//! What robots need not read.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::state::App;

#[utoipa::path(
    get, path = "/robots.txt", operation_id = "getRobots", tag = "pages",
    summary = "What robots need not read",
    responses((status = 200, body = String, description = "Rules by RFC 9309", content_type = "text/plain")),
)]
pub async fn robots(State(app): State<App>) -> impl IntoResponse {
    let base = &app.storefront.place.public_url;
    let text = format!(
        "User-agent: *\nDisallow: /cart\nDisallow: /orders/\nDisallow: /account\nDisallow: /api/\nDisallow: /products?\n\n\
         Sitemap: {base}/sitemap.xml\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")], text)
}
