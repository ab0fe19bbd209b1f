//! The products of one category.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;

use super::search;
use crate::extract::PathIds;
use crate::problem::Problem;
use crate::routes::products::list::ProductList;
use crate::state::App;
use crate::storefront::document::{Page, render};

#[utoipa::path(
    get, path = "/collections/{slug}", operation_id = "getCollectionPage", tag = "pages",
    summary = "The store's page of a category; takes the parameters of `GET /api/v1/products`",
    params(("slug" = String, Path, example = "ceramics")),
    responses(
        (status = 200, body = String, description = "A page", content_type = "text/html"),
        (status = 404, body = String, description = "`not_found`: a page that says so", content_type = "text/html"),
    ),
)]
pub async fn collection(
    State(app): State<App>,
    PathIds(slug): PathIds<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    let path = format!("/collections/{slug}");
    let Some(found) = shop.collections.iter().find(|collection| collection.slug == slug).cloned() else {
        return render(
            &app.storefront,
            &shop,
            &headers,
            &path,
            Page { status: StatusCode::NOT_FOUND, ..Page::shell() },
        );
    };
    let mut query = search::read(&uri, app.market.carts.rules.currency);
    query.categories = vec![slug];
    let list = ProductList::ask_leniently(&app.market, query).await?;
    let page = Page {
        template: "listing.html",
        sources: &["src/catalogue/Listing.tsx"],
        title: Some(&found.name),
        description: Some(format!("{} ({})", found.name, found.count)),
        canonical: uri.query().is_none().then(|| path.clone()),
        image: found.image.as_ref().map(|image| image.url.as_str()),
        data: json!({ "list": list, "words": null, "collection": found }),
        ..Page::shell()
    };
    render(&app.storefront, &shop, &headers, &path, page)
}
