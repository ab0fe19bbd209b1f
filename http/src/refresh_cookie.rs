//! The refresh token's cookie. Scripts cannot read it, other sites do not get it sent, and it goes nowhere but to the
//! sessions. `Secure` holds on plain `http://localhost` too: browsers take loopback for secure.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::problem::{Code, Problem};

const NAME: &str = "souk_refresh";
const ATTRIBUTES: &str = "Path=/api/v1/sessions; HttpOnly; Secure; SameSite=Strict";

/// The refresh token of a request that comes from a page of the shop.
pub struct RefreshToken(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for RefreshToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        if !is_own_page(&parts.headers) {
            return Err(Problem::new(Code::OriginRefused));
        }
        let lines = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        Ok(Self(pairs.find(|(name, _)| *name == NAME).map(|(_, token)| token.to_owned())))
    }
}

/// `SameSite=Strict` keeps other sites out, and the boundary every page whose `Origin` is not the shop's. A browser that
/// says no `Origin` says at least whether the page is of another site. A client that is no browser says neither, and has
/// no cookie that it was not given.
fn is_own_page(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or_default());
    headers.contains_key(header::ORIGIN) || site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

pub fn set(token: &str, seconds: i64) -> [(header::HeaderName, HeaderValue); 1] {
    cookie(&format!("{NAME}={token}; Max-Age={}; {ATTRIBUTES}", seconds.max(0)))
}

pub fn cleared() -> [(header::HeaderName, HeaderValue); 1] {
    cookie(&format!("{NAME}=; Max-Age=0; {ATTRIBUTES}"))
}

fn cookie(text: &str) -> [(header::HeaderName, HeaderValue); 1] {
    let mut value = HeaderValue::from_str(text).expect("tokens are letters and digits");
    value.set_sensitive(true);
    [(header::SET_COOKIE, value)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_another_site_refreshes_nothing() {
        let own = |site: &'static str| {
            is_own_page(&HeaderMap::from_iter([("sec-fetch-site".parse().unwrap(), HeaderValue::from_static(site))]))
        };
        assert!(is_own_page(&HeaderMap::new()), "no browser");
        assert!(own("same-origin") && own("none"));
        assert!(!own("cross-site") && !own("same-site"));
    }
}
