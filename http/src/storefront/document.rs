//! A page of the store: the document with its head, the first paint, and the data that the app begins with.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use serde_json::json;

use super::front::Storefront;
use super::language::{Language, cookie};
use super::shop::ShopView;
use crate::extract::IfNoneMatch;
use crate::problem::{Code, Problem};

pub struct Page<'a> {
    pub template: &'a str,
    /// The app's source files that draw this page, whose chunks are loaded with the entry.
    pub sources: &'a [&'a str],
    pub status: StatusCode,
    /// None: the shop's name alone.
    pub title: Option<&'a str>,
    pub description: Option<String>,
    /// The path that search engines keep; none: they keep none.
    pub canonical: Option<String>,
    pub image: Option<&'a str>,
    /// For crawlers (schema.org).
    pub json_ld: Option<serde_json::Value>,
    /// What the template shows and the app begins with.
    pub data: serde_json::Value,
}

impl Page<'_> {
    pub fn shell() -> Self {
        Self {
            template: "shell.html",
            sources: &[],
            status: StatusCode::OK,
            title: None,
            description: None,
            canonical: None,
            image: None,
            json_ld: None,
            data: json!({}),
        }
    }
}

/// # Errors
/// A template that does not fit its data.
pub fn render(
    front: &Storefront,
    shop: &ShopView,
    headers: &HeaderMap,
    path: &str,
    page: Page<'_>,
) -> Result<Response, Problem> {
    let Some(manifest) = &front.manifest else { return Ok(unbuilt()) };
    let Page { template, sources, status, title, description, canonical, image, json_ld, data } = page;
    let language = Language::of(headers);
    let theme = cookie(headers, "souk_theme").filter(|theme| matches!(*theme, "light" | "dark"));
    let begin = json!({ "lang": language.tag(), "shop": shop, "data": data });
    let base = front.place.public_url.as_str();
    let absolute = |url: &str| if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() };
    let super::assets::Loaded { script, styles, preloads } = manifest.load(sources, language.tag());
    let context = json!({
        "lang": language.tag(),
        "theme": theme,
        "shop": shop,
        "path": path,
        "title": title.map_or_else(|| shop.name.clone(), |title| format!("{title} - {}", shop.name)),
        "description": description,
        "canonical": canonical.as_deref().map(absolute),
        "image": image.map(absolute),
        "loaded": { "script": script, "styles": styles, "preloads": preloads },
        "fonts": manifest.fonts(),
        "json_ld": json_ld.map(|value| embedded(&value)),
        "begin": embedded(&begin),
        "data": begin["data"],
    });
    let html = front.templates.get_template(template).and_then(|template| template.render(Serde(&context))).map_err(
        |error| {
            tracing::error!(%error, template, "a page could not be written");
            Problem::new(Code::Internal)
        },
    )?;
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    let etag = format!("\"{:016x}\"", hasher.finish());
    let not_modified = status == StatusCode::OK && IfNoneMatch::of(headers).has(&etag);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Asked for again each time: it names the newest files and shows the newest stock.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())),
        (header::ETAG, HeaderValue::try_from(&etag).expect("hex digits are valid in a header")),
    ];
    if not_modified {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((status, headers, html).into_response())
}

/// JSON that can stand inside `<script>`: no `<` can end it early.
fn embedded(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn unbuilt() -> Response {
    let html = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Souk</title>\n\
        <link rel=\"stylesheet\" href=\"/page.css\">\n<main>\n<h1>The store app is not built yet</h1>\n\
        <p>This server was compiled without it. <code>make build</code> builds the app and the server; or run \
        <code>npm ci</code> and <code>npm run build</code> in the folder <code>web</code>, then compile again.</p>\n\
        <p>The API is here: <a href=\"/docs\">every call</a>, <a href=\"/errors\">every problem</a>.</p>\n</main>\n</html>\n";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_block() {
        let value = json!({ "title": "</script><script>alert(1)</script>" });
        let text = embedded(&value);
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
