//! What there is to open.

use axum::response::Response;

use super::layout::page;

const CARDS: [(&str, &str, &str); 6] = [
    ("/api/v1/products", "Products", "The catalogue, with search, filters and facets"),
    ("/api/docs", "API", "Every call, with examples"),
    ("/api/openapi.json", "OpenAPI", "The same for machines, version 3.1"),
    ("/errors", "Problems", "Every code that an answer can have, and whether a retry is safe"),
    ("/api/status", "Status", "How every service is doing right now"),
    ("/health", "Health", "What a load balancer asks"),
];

#[utoipa::path(
    get, path = "/", operation_id = "getHome", tag = "pages",
    summary = "What there is to open",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn home() -> Response {
    let card = |(url, title, text): &(&str, &str, &str)| {
        format!("<li><a href=\"{url}\"><strong>{title}</strong><span>{text}</span><br><code>{url}</code></a></li>\n")
    };
    let cards: String = CARDS.iter().map(card).collect();
    page(
        "A live marketplace",
        &format!(
            "<p class=\"lead\">Every product, cart, order, payment and chat room here is a small actor of its own that \
             decides, writes it down, and tells whoever is watching.</p>\n<ul class=\"cards\">\n{cards}</ul>"
        ),
    )
}
