//! The front of the shop.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use souk_persistence::search::{ProductQuery, Sort};

use crate::problem::Problem;
use crate::routes::products::list::ProductList;
use crate::state::App;
use crate::storefront::document::{Page, render};

/// Products on the front.
const NEWEST: usize = 8;

#[utoipa::path(
    get, path = "/", operation_id = "getHome", tag = "pages",
    summary = "The front of the store",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn home(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    let query = ProductQuery { sort: Sort::Newest, limit: NEWEST, in_stock: Some(true), ..ProductQuery::default() };
    let list = ProductList::ask(&app.market, query).await?;
    let page = Page {
        template: "home.html",
        sources: &["src/catalogue/Home.tsx"],
        canonical: Some("/".to_owned()),
        json_ld: Some(json!({
            "@context": "https://schema.org", "@type": "WebSite", "name": shop.name,
            "url": format!("{}/", app.storefront.place.public_url),
            "potentialAction": {
                "@type": "SearchAction", "query-input": "required name=query",
                "target": format!("{}/products?query={{query}}", app.storefront.place.public_url),
            },
        })),
        data: json!({ "list": list }),
        ..Page::shell()
    };
    render(&app.storefront, &shop, &headers, "/", page)
}
