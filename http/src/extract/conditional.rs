//! The header `If-None-Match`: what the client has already (RFC 9110, section 13.1.2).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

#[derive(Debug, Clone)]
pub struct IfNoneMatch(Option<HeaderValue>);

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

impl IfNoneMatch {
    pub fn of(headers: &HeaderMap) -> Self {
        Self(headers.get(header::IF_NONE_MATCH).cloned())
    }

    /// Whether the client has the thing with this tag. Compared weakly, as the RFC asks for here.
    pub fn has(&self, etag: &str) -> bool {
        let Some(given) = self.0.as_ref().and_then(|value| value.to_str().ok()) else { return false };
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        given.trim() == "*" || given.split(',').any(|tag| opaque(tag) == etag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_weakly() {
        let with = |value: &'static str| IfNoneMatch(Some(HeaderValue::from_static(value)));
        for given in ["\"1-2\"", "W/\"1-2\"", "\"0-1\", W/\"1-2\"", "*"] {
            assert!(with(given).has("\"1-2\""), "{given}");
        }
        for given in ["\"1-3\"", "1-2", ""] {
            assert!(!with(given).has("\"1-2\""), "{given}");
        }
        assert!(!IfNoneMatch(None).has("\"1-2\""));
    }
}
