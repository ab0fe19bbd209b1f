//! Which limit counts for which URL.

use axum::http::Method;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointClass {
    Reads,
    Writes,
    Checkout,
    Sessions,
    /// Not limited: files, pages and what machines ask all the time.
    Free,
}

const LIMITED: [&str; 5] = ["/api/", "/ws", "/socket.io/", "/sandbox/", "/metrics"];

impl EndpointClass {
    /// `path` is the pattern of the URL table, or the path itself of a URL that is not in it.
    pub fn of(method: &Method, path: &str) -> Self {
        let is_read = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
        match path {
            // A provider sends as fast as people pay, and what it sends is signed.
            "/api/v1/payments/webhooks/{provider}" => Self::Free,
            // Outside of these there are only files and pages, which are made once and handed out.
            _ if !LIMITED.iter().any(|prefix| path.starts_with(prefix)) => Self::Free,
            _ if path.starts_with("/api/v1/sessions")
                || path.starts_with("/api/v1/password-resets")
                || path.starts_with("/api/v1/accounts") && !is_read =>
            {
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
            (Method::GET, "/api/v1/no-such-thing", Reads),
            (Method::POST, "/api/v1/no-such-thing", Writes),
            (Method::GET, "/ws", Reads),
            (Method::GET, "/assets/store.js", Free),
            (Method::GET, "/some/page/of/an/app", Free),
            (Method::GET, "/media/{file}", Free),
        ] {
            assert_eq!(EndpointClass::of(&method, path), class, "{method} {path}");
        }
    }
}
