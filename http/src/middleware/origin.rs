//! Which pages may act with what a browser adds by itself: a cookie, or a socket that it opens.
//!
//! Browsers say with `Origin` where a page came from. Programs that are no browser send none and carry no cookies of
//! anybody, so they pass.

use axum::http::{HeaderMap, Method, Uri, header};

#[derive(Debug, Clone)]
pub struct Origins {
    /// Ours, where `public_url` says so, and those of `cors_origins`.
    known: Vec<String>,
    any: bool,
}

impl Origins {
    pub fn new(cors_origins: &[String], public_url: &str) -> Self {
        let any = cors_origins.iter().any(|origin| origin == "*");
        let own = public_url
            .parse::<Uri>()
            .ok()
            .and_then(|url| Some(format!("{}://{}", url.scheme_str()?, url.authority()?)));
        Self { known: cors_origins.iter().cloned().chain(own).collect(), any }
    }

    /// Whether a request comes from a page that may act here, or from no page at all.
    pub fn allow(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        self.any || self.known.iter().any(|known| known.eq_ignore_ascii_case(origin)) || is_same(origin, uri, headers)
    }

    /// Whether a request is one that another site may have made a browser send: it changes something, and the browser
    /// has added a cookie.
    pub fn is_forged(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> bool {
        !method.is_safe() && headers.contains_key(header::COOKIE) && !self.allow(uri, headers)
    }
}

/// The scheme is not compared: behind a proxy that ends TLS it is another one.
fn is_same(origin: &str, uri: &Uri, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = uri.authority().map(axum::http::uri::Authority::as_str).or(host);
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    host.zip(authority).is_some_and(|(host, authority)| host.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "shop.example.com:8080".parse().unwrap());
        headers.insert("origin", origin.parse().unwrap());
        Origins::new(&["https://seller.example.com".to_owned()], "https://www.example.com/shop")
            .allow(&Uri::from_static("/ws"), &headers)
    }

    #[test]
    fn own_pages_and_listed_ones_pass() {
        for origin in [
            "http://shop.example.com:8080",
            "https://SHOP.example.com:8080",
            "https://seller.example.com",
            "https://www.example.com",
        ] {
            assert!(allowed(origin), "{origin}");
        }
        for origin in [
            "http://shop.example.com",
            "https://evil.example.com",
            "null",
            "",
            "https://shop.example.com:8080.evil.com",
            "http://www.example.com",
        ] {
            assert!(!allowed(origin), "{origin}");
        }
    }

    #[test]
    fn only_what_a_browser_adds_by_itself_can_be_forged() {
        let origins = Origins::new(&[], "http://127.0.0.1:8080");
        let forged = |method: Method, names: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in names {
                headers.insert(*name, value.parse().unwrap());
            }
            origins.is_forged(&method, &Uri::from_static("/api/v1/sessions/refresh"), &headers)
        };
        let (cookie, evil) = (("cookie", "a=b"), ("origin", "https://evil.example.com"));
        assert!(forged(Method::POST, &[cookie, evil]) && forged(Method::DELETE, &[cookie, evil]));
        assert!(
            !forged(Method::POST, &[evil]) && !forged(Method::POST, &[cookie]) && !forged(Method::GET, &[cookie, evil])
        );
    }
}
