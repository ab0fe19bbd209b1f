//! One product. Its view is published already: this only finds it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use souk_actors::catalogue::views::Published;
use souk_actors::marketplace::Marketplace;
use souk_actors::runtime::error::Unavailable;
use souk_domain::id::ProductId;
use souk_domain::product::state::Status;
use souk_domain::product::view::ProductView;

use crate::extract::{IfNoneMatch, PathIds};
use crate::problem::Problem;

#[utoipa::path(
    get, path = "/api/v1/products/{id}", operation_id = "getProduct", tag = "products",
    summary = "A product, by its id or its handle",
    params(
        ("id" = String, Path, description = "The id or the handle", example = "ember-stoneware-mug"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the client has"),
    ),
    responses(
        (status = 200, body = ProductView, description = "The product as it is now",
            headers(("ETag" = String, description = "Changes with every change of the product or its stock"))),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "`not_found`"),
    ),
)]
pub async fn get(
    State(market): State<Arc<Marketplace>>,
    PathIds(name): PathIds<String>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let found = match name.parse::<ProductId>() {
        Ok(id) => market.views.product(id).await,
        Err(_) => market.views.by_handle(&name).await,
    };
    let published = found.map_err(|_| Unavailable::Store)?.filter(|published| published.view.status == Status::Active);
    let published = published.ok_or_else(Problem::not_found)?;
    Ok(answer(&published, &has))
}

fn answer(published: &Published, has: &IfNoneMatch) -> Response {
    let not_modified = has.has(&published.etag);
    let body = if not_modified { Body::empty() } else { Body::from(published.body().clone()) };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    // With what the edge adds to it.
    headers.reserve(16);
    if let Ok(etag) = HeaderValue::from_str(&published.etag) {
        headers.insert(header::ETAG, etag);
    }
    // To be kept, and asked for again before each use: stock changes at any moment.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if not_modified {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}
