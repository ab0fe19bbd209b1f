//! The services of the reference platform, each of which can have its port here too: it answers that service's paths,
//! and `/health` and `/api/status` speak of that service alone.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// All of them, as nginx had it.
    Gateway,
    Products,
    Accounts,
    Orders,
    Payments,
    Chat,
    /// The customers' pages with the calls that they make.
    Store,
}

impl Service {
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Products => "products",
            Self::Accounts => "accounts",
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Chat => "chat",
            Self::Store => "store",
        }
    }

    /// What its paths begin with. None: it answers all.
    fn paths(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Gateway | Self::Store => None,
            Self::Products => Some(&["/api/v1/products", "/media"]),
            Self::Accounts => Some(&[
                "/api/v1/accounts",
                "/api/v1/sessions",
                "/api/v1/password-resets",
                "/api/v1/api-keys",
                "/api/v1/signing-keys",
                "/api/v1/audit",
                "/.well-known/jwks.json",
            ]),
            Self::Orders => Some(&["/api/v1/orders", "/api/v1/carts", "/api/v1/webhooks", "/api/v1/deliveries"]),
            Self::Payments => Some(&["/api/v1/payments", "/sandbox"]),
            Self::Chat => Some(&["/api/v1/chat", "/api/v1/rooms", "/ws", "/socket.io"]),
        }
    }

    /// Where a path leads on this service's port. None: it is what it says.
    fn leads(self, path: &str) -> Option<String> {
        let paths = self.paths()?;
        let is_under =
            |prefix: &&str| path.strip_prefix(*prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            "/health" => Some(format!("/api/v1/{}/health", self.name())),
            "/api/status" => Some(format!("/api/v1/{}/status", self.name())),
            "/health/ready" => None,
            _ if paths.iter().any(is_under) => None,
            _ => Some(NOTHING.to_owned()),
        }
    }
}

/// Nothing is there, and never will be.
const NOTHING: &str = "/api/v1/-";

/// The router as one service's port shows it.
#[derive(Clone)]
struct Part {
    service: Service,
    whole: Router,
}

impl tower::Service<Request> for Part {
    type Response = Response;
    type Error = Infallible;
    type Future = RouteFuture<Infallible>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        tower::Service::<Request>::poll_ready(&mut self.whole, context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if let Some(path) = self.service.leads(request.uri().path()) {
            *request.uri_mut() = path.parse().unwrap_or_default();
        }
        self.whole.call(request)
    }
}

/// `whole` is the router as the main port has it.
pub fn part(service: Service, whole: Router) -> Router {
    Router::new().fallback_service(Part { service, whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answers_its_own_paths() {
        use Service::{Chat, Gateway, Orders, Products};
        for (service, path, leads) in [
            (Products, "/api/v1/products", None),
            (Products, "/api/v1/products/mug", None),
            (Products, "/api/v1/productsx", Some(NOTHING)),
            (Products, "/api/v1/orders", Some(NOTHING)),
            (Products, "/health", Some("/api/v1/products/health")),
            (Chat, "/api/status", Some("/api/v1/chat/status")),
            (Chat, "/ws", None),
            (Orders, "/api/v1/carts/cart_1/lines", None),
            (Orders, "/", Some(NOTHING)),
            (Gateway, "/api/v1/orders", None),
            (Gateway, "/health", None),
        ] {
            assert_eq!(service.leads(path).as_deref(), leads, "{service:?} {path}");
        }
    }
}
