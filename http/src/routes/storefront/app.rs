//! Every other page of the store: a frame that the app fills, also for links that lead deep into it.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::App;
use crate::storefront::document::{Page, render};

/// Paths that the app draws and the edge does not, and the app's source of each.
const PAGES: [(&str, &str); 6] = [
    ("/checkout", "src/checkout/CheckoutPage.tsx"),
    ("/orders", "src/order/OrderPage.tsx"),
    ("/account", "src/account/AccountPages.tsx"),
    ("/delivery", "src/pages/Delivery.tsx"),
    ("/returns", "src/pages/Returns.tsx"),
    ("/help", "src/pages/Help.tsx"),
];

/// Paths of machines, where a page would be no answer.
const MACHINES: [&str; 7] = ["/api/", "/assets/", "/media/", "/ws", "/socket.io/", "/sandbox/", "/.well-known/"];

pub async fn app(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    let accepts_pages = parts
        .headers
        .get_all(header::ACCEPT)
        .into_iter()
        .any(|value| value.to_str().is_ok_and(|value| value.contains("text/html")));
    let is_page = accepts_pages
        && matches!(parts.method, Method::GET | Method::HEAD)
        && !MACHINES.iter().any(|machine| path.starts_with(machine));
    if !is_page {
        return Problem::not_found().detail("no such URL").into_response();
    }
    let page = match PAGES.iter().find(|(start, _)| path == *start || path.starts_with(&format!("{start}/"))) {
        Some((_, source)) => Page { source: Some(source), ..Page::shell() },
        None => Page { status: StatusCode::NOT_FOUND, ..Page::shell() },
    };
    let shop = match app.storefront.shop(&app.market).await {
        Ok(shop) => shop,
        Err(error) => return Problem::from(error).into_response(),
    };
    render(&app.storefront, &shop, &parts.headers, path, page).unwrap_or_else(IntoResponse::into_response)
}
