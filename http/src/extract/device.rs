//! Where a request comes from, as far as an account's sessions are concerned.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use souk_actors::accounts::sign_in::Device;

use crate::middleware::client_address::{Proxies, client_address};
use crate::problem::Problem;
use crate::state::Edge;

pub struct From(pub Device);

impl<S> FromRequestParts<S> for From
where
    S: Send + Sync,
    Arc<Edge>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let edge: Arc<Edge> = FromRef::from_ref(state);
        let trusted = edge.config.trusted_proxies.iter().filter_map(|network| network.parse().ok()).collect();
        let proxies = Proxies { trusted, header: edge.config.proxy_header };
        let address = client_address(&parts.extensions, &parts.headers, &proxies);
        let user_agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let network = address.map_or_else(|| "unknown".to_owned(), network);
        Ok(Self(Device { user_agent: user_agent.unwrap_or_default().to_owned(), network }))
    }
}

/// /24 of IPv4, /48 of IPv6: what one household or office has, and no more than the audit may keep for good.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(of("192.0.2.78"), of("192.0.2.1"));
        assert_eq!(of("2001:db8:7:8::1"), "2001:db8:7::/48");
    }
}
