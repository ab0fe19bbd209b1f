//! The cart's page. Its id is the browser's: a cookie for this page alone, that the app writes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use souk_domain::id::CartId;

use crate::problem::Problem;
use crate::state::App;
use crate::storefront::document::{Page, render};
use crate::storefront::language::cookie;

#[utoipa::path(
    get, path = "/cart", operation_id = "getCartPage", tag = "pages",
    summary = "The store's page of the cart",
    responses((status = 200, body = String, description = "A page", content_type = "text/html")),
)]
pub async fn cart(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let shop = app.storefront.shop(&app.market).await?;
    // Without a token, so an owned cart is not shown: the app asks for that one itself.
    let id = cookie(&headers, "souk_cart").and_then(|id| id.parse::<CartId>().ok());
    let cart = match id {
        Some(id) => app.market.carts.view(id, None).await.ok(),
        None => None,
    };
    let mut products = Map::new();
    for line in cart.iter().flat_map(|cart| &cart.lines) {
        if let Ok(Some(published)) = app.market.views.product(line.product_id).await {
            products.insert(line.product_id.to_string(), serde_json::to_value(&published.view).unwrap_or(Value::Null));
        }
    }
    let page = Page {
        template: "cart.html",
        sources: &["src/cart/CartPage.tsx"],
        data: json!({ "cart": cart, "products": products }),
        ..Page::shell()
    };
    render(&app.storefront, &shop, &headers, "/cart", page)
}
