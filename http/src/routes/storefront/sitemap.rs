//! The pages that search engines should know.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::extract::PathIds;
use crate::problem::Problem;
use crate::state::App;
use crate::storefront::sitemap;

const HEADERS: [(header::HeaderName, &str); 2] =
    [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];

#[utoipa::path(
    get, path = "/sitemap.xml", operation_id = "getSitemap", tag = "pages",
    summary = "The store's pages for search engines; an index of files where there are many",
    responses((status = 200, body = String, description = "A sitemap", content_type = "application/xml")),
)]
pub async fn first(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    let handles = app.storefront.sitemap.handles(&app.market.listing).await?;
    Ok((HEADERS, sitemap::first(&app.storefront.place.public_url, &shop.collections, &handles)))
}

#[utoipa::path(
    get, path = "/sitemaps/{file}", operation_id = "getSitemapFile", tag = "pages",
    summary = "A file of the sitemap's index",
    params(("file" = String, Path, example = "1.xml")),
    responses(
        (status = 200, body = String, description = "A sitemap", content_type = "application/xml"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn file(State(app): State<App>, PathIds(file): PathIds<String>) -> Result<impl IntoResponse, Problem> {
    let number = file.strip_suffix(".xml").and_then(|number| number.parse().ok()).ok_or_else(Problem::not_found)?;
    let shop = app.storefront.shop(&app.market).await?;
    let handles = app.storefront.sitemap.handles(&app.market.listing).await?;
    let base = &app.storefront.place.public_url;
    let xml = sitemap::part(base, &shop.collections, &handles, number).ok_or_else(Problem::not_found)?;
    Ok((HEADERS, xml))
}
