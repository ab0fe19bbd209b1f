//! Every other page of the store: a frame that the app fills, also for links that lead deep into it.

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::state::App;
use crate::storefront::document::{Page, render};

/// Pages of these that look the same to everybody, which search engines may know.
const KNOWN: [&str; 6] = ["/checkout", "/account/sign-in", "/account/register", "/delivery", "/returns", "/help"];

/// Paths that the app draws and the edge does not, and the app's sources of each. The first that fits counts.
const PAGES: [(&str, &[&str]); 17] = [
    ("/checkout", &["src/checkout/CheckoutPage.tsx"]),
    ("/orders", &["src/order/OrderPage.tsx"]),
    ("/account/sign-in", &["src/account/SignIn.tsx"]),
    ("/account/register", &["src/account/Register.tsx"]),
    ("/account/forgot", &["src/account/Forgot.tsx"]),
    ("/account/reset", &["src/account/Reset.tsx"]),
    ("/account/confirm", &["src/account/ConfirmEmail.tsx"]),
    ("/account/email", &["src/account/ConfirmNewEmail.tsx"]),
    ("/account/orders", &["src/account/Frame.tsx", "src/account/Orders.tsx"]),
    ("/account/addresses", &["src/account/Frame.tsx", "src/account/Addresses.tsx"]),
    ("/account/inbox", &["src/account/Frame.tsx", "src/account/Inbox.tsx"]),
    ("/account/security", &["src/account/Frame.tsx", "src/account/Security.tsx"]),
    ("/account/sessions", &["src/account/Frame.tsx", "src/account/Sessions.tsx"]),
    ("/account", &["src/account/Frame.tsx", "src/account/Profile.tsx"]),
    ("/delivery", &["src/pages/Delivery.tsx"]),
    ("/returns", &["src/pages/Returns.tsx"]),
    ("/help", &["src/pages/Help.tsx"]),
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
        Some((_, sources)) => {
            let canonical = KNOWN.contains(&path).then(|| path.to_owned());
            Page { sources, canonical, ..Page::shell() }
        }
        None => Page { status: StatusCode::NOT_FOUND, ..Page::shell() },
    };
    let shop = match app.storefront.shop(&app.market).await {
        Ok(shop) => shop,
        Err(error) => return Problem::from(error).into_response(),
    };
    render(&app.storefront, &shop, &parts.headers, path, page).unwrap_or_else(IntoResponse::into_response)
}
