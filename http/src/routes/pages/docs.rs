//! Every call at a glance, from the description of the API.

use std::collections::BTreeMap;
use std::fmt::Write;

use axum::response::Response;

use super::layout::page;
use crate::openapi::{WRITTEN, operations};

#[utoipa::path(
    get, path = "/docs", operation_id = "getDocs", tag = "pages",
    summary = "Every call at a glance",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn docs() -> Response {
    let mut by_tag: BTreeMap<&str, String> = BTreeMap::new();
    for (method, path, operation) in operations(&WRITTEN.document) {
        let tag = operation.tags.iter().flatten().next().map_or("other", String::as_str);
        let summary = operation.summary.as_deref().unwrap_or_default();
        let _ = writeln!(
            by_tag.entry(tag).or_default(),
            "<tr><td class=\"method\">{method}<td><code>{path}</code><td>{}",
            summary.replace('`', "")
        );
    }
    let mut main = String::from(
        "<p class=\"lead\">Bodies and answers are JSON; <a href=\"/api/openapi.json\">the OpenAPI document</a> has their \
         shapes. Money is in minor units. Every refusal has a <a href=\"/errors\">code</a>.</p>\n",
    );
    for (tag, rows) in by_tag {
        let _ = write!(main, "<h2>{tag}</h2>\n<div class=\"table\"><table>\n{rows}</table></div>\n");
    }
    page("The API", &main)
}
