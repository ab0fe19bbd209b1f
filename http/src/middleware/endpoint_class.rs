//! Which limit counts for which URL.

use axum::http::Method;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointClass {
    Reads,
    Writes,
    Checkout,
    Sessions,
    /// Not limited: pages, pictures and what machines ask all the time.
    Free,
}

impl EndpointClass {
    /// `path` is the pattern of the URL table; a URL that is not in it counts as a read.
    pub fn of(method: &Method, path: &str) -> Self {
        let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match path {
            "/" | "/errors" | "/health" | "/health/ready" | "/media/{file}" | "/.well-known/jwks.json" => Self::Free,
            // A provider sends as fast as people pay, and what it sends is signed.
            "/api/v1/payments/webhooks/{provider}" => Self::Free,
            _ if path.starts_with("/api/v1/sessions") || path.starts_with("/api/v1/accounts") && !is_read => {
                Self::Sessions
            }
            "/api/v1/orders" | "/api/v1/payments/{id}/confirm" | "/sandbox/challenges/{intent}" if !is_read => {
                Self::Checkout
            }
            _ if is_read => Self::Reads,
            _ => Self::Writes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        use EndpointClass::*;
        for (method, path, class) in [
            (Method::GET, "/api/v1/products/{id}", Reads),
            (Method::HEAD, "/api/v1/orders/{id}", Reads),
            (Method::POST, "/api/v1/carts/{id}/lines", Writes),
            (Method::POST, "/api/v1/orders", Checkout),
            (Method::POST, "/api/v1/payments/{id}/confirm", Checkout),
            (Method::POST, "/api/v1/sessions/guest", Sessions),
            (Method::POST, "/api/v1/payments/webhooks/{provider}", Free),
            (Method::GET, "/health", Free),
            (Method::GET, "", Reads),
            (Method::POST, "", Writes),
        ] {
            assert_eq!(EndpointClass::of(&method, path), class, "{method} {path}");
        }
    }
}
