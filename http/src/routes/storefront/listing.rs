//! Products, searched and filtered.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::json;
use souk_persistence::search::ProductQuery;

use super::search;
use crate::problem::Problem;
use crate::routes::products::list::ProductList;
use crate::state::App;
use crate::storefront::document::{Page, render};

#[utoipa::path(
    get, path = "/products", operation_id = "getListingPage", tag = "pages",
    summary = "The store's page of products; takes the parameters of `GET /api/v1/products`",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn listing(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Result<Response, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    let query = search::read(&uri, app.market.carts.rules.currency);
    let words = query.query.clone();
    let is_whole = query == ProductQuery { limit: search::PER_PAGE, ..ProductQuery::default() };
    let list = ProductList::ask_leniently(&app.market, query).await?;
    let page = Page {
        template: "listing.html",
        sources: &["src/catalogue/Listing.tsx"],
        title: words.as_deref(),
        // Search engines need no pages of searches.
        canonical: is_whole.then(|| "/products".to_owned()),
        data: json!({ "list": list, "words": words, "collection": null }),
        ..Page::shell()
    };
    render(&app.storefront, &shop, &headers, "/products", page)
}
