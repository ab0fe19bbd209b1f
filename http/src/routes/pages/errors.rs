//! Every problem, for people.

use axum::response::Response;

use super::layout::page;
use crate::problem::document::html_rows;

#[utoipa::path(
    get, path = "/errors", operation_id = "getErrors", tag = "pages",
    summary = "Explains every code of a problem",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn errors() -> Response {
    page(
        "Problems",
        &format!(
            "<p class=\"lead\">Every answer that is not a success is <code>application/problem+json</code> (RFC 9457) with \
             one of these codes.</p>\n<div class=\"table\"><table><tr><th>Code<th>Status<th>Meaning<th>Is a retry safe?\n{}\
             </table></div>",
            html_rows()
        ),
    )
}
