//! What all pages have in common.

use axum::http::header;
use axum::response::{IntoResponse, Response};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `title` and `main` are the edge's own text, never anybody else's.
pub fn page(title: &str, main: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title} - Souk</title>\n\
         <link rel=\"stylesheet\" href=\"/page.css\">\n\
         <header><a class=\"mark\" href=\"/\">Souk</a><nav><a href=\"/api/docs\">API</a> <a href=\"/errors\">Problems</a> \
         <a href=\"/api/status\">Status</a></nav></header>\n<main>\n<h1>{title}</h1>\n{main}\n</main>\n</html>\n"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept-encoding"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, html).into_response()
}
