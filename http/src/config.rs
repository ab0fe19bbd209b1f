//! What can be set about the edge. Every field has a default, so an empty section is a whole one.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domains::Domains;
use crate::middleware::forwarded::ProxyHeader;
use crate::openapi::{WRITTEN, operations};
use crate::realtime::config::RealtimeConfig;
use crate::server::service::Service;
use crate::storefront::config::{Place, StorefrontConfig};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EdgeConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where people reach the shop; its origin is one of ours.
    pub public_url: String,
    /// Networks whose word on their clients is believed, such as `10.0.0.0/8` or `::1`. Empty: none.
    pub trusted_proxies: Vec<String>,
    /// The header that these proxies write.
    pub proxy_header: ProxyHeader,
    /// Other origins whose pages may call the API, such as `https://shop.example.com`; `*` is any.
    pub cors_origins: Vec<String>,
    pub server: ServerConfig,
    pub tls: TlsConfig,
    pub services: ServicesConfig,
    pub limits: LimitsConfig,
    pub tokens: TokenConfig,
    pub realtime: RealtimeConfig,
    /// What this node serves; empty: everything.
    pub domains: Domains,
    pub storefront: StorefrontConfig,
    #[serde(skip)]
    pub place: Place,
}

/// How connections and requests are bounded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Connections at once, sockets included. One beyond it is answered 503 and closed.
    pub max_connections: u32,
    /// Requests being answered at once, on all connections. One beyond it is answered 503.
    pub max_requests_in_flight: u32,
    /// The head of a request must be complete after so long; on HTTP/1 this is also how long an idle
    /// connection is kept.
    pub header_timeout_ms: u64,
    /// An HTTP/2 connection without a request is closed after so long.
    pub idle_timeout_ms: u64,
    /// The body of a request must be complete after so long, or 408.
    pub body_timeout_ms: u64,
    /// A request is answered after so long, or 503.
    pub request_timeout_ms: u64,
    /// How long running requests may take to finish once the process stops.
    pub drain_timeout_ms: u64,
    /// Bytes of a request's head. Hyper's own least is 8192.
    pub max_header_bytes: u32,
    pub max_headers: u32,
    /// Bytes of a request's body.
    pub max_body_bytes: u32,
    /// Streams at once on one HTTP/2 connection.
    pub max_http2_streams: u32,
}

/// The edge's own TLS. Both files or none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// A PEM file: the certificate and those between it and the root.
    pub certificate: String,
    /// A PEM file with the private key.
    pub key: String,
    pub hsts: Hsts,
}

/// Whether browsers are told to come by TLS only from now on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hsts {
    /// Where the edge speaks TLS itself, or `public_url` begins with https.
    #[default]
    Auto,
    On,
    Off,
}

/// A port of its own for each service of the reference platform. Empty: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServicesConfig {
    pub gateway: String,
    pub products: String,
    pub accounts: String,
    pub orders: String,
    pub payments: String,
    pub chat: String,
    pub store: String,
}

/// How often one client may call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    pub enabled: bool,
    /// Clients that are told apart. Beyond it the ones that used the least are forgotten.
    pub max_clients: u32,
    /// Connections at once from one address (IPv6: one /64), sockets included.
    pub max_connections: u32,
    /// Looking.
    pub reads: LimitConfig,
    /// Changing something.
    pub writes: LimitConfig,
    /// Placing and paying orders.
    pub checkout: LimitConfig,
    /// Signing up and in.
    pub sessions: LimitConfig,
    /// Limits of their own for single calls, such as `POST /api/v1/orders`.
    pub endpoints: BTreeMap<String, LimitConfig>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// At least 1.
    pub per_second: u32,
    /// How many may come at once. At least 1.
    pub burst: u32,
}

/// What access tokens say about who made them and for whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenConfig {
    pub issuer: String,
    pub audience: String,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::default(),
            cors_origins: Vec::new(),
            server: ServerConfig::default(),
            tls: TlsConfig::default(),
            services: ServicesConfig::default(),
            limits: LimitsConfig::default(),
            tokens: TokenConfig::default(),
            realtime: RealtimeConfig::default(),
            domains: Domains::default(),
            storefront: StorefrontConfig::default(),
            place: Place::default(),
        }
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            max_connections: 20_000,
            max_requests_in_flight: 10_000,
            header_timeout_ms: 20_000,
            idle_timeout_ms: 75_000,
            body_timeout_ms: 20_000,
            request_timeout_ms: 30_000,
            drain_timeout_ms: 10_000,
            max_header_bytes: 16 * 1024,
            max_headers: 100,
            max_body_bytes: 256 * 1024,
            max_http2_streams: 128,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let class = LimitConfig::default();
        Self {
            enabled: true,
            max_clients: 100_000,
            max_connections: 2_000,
            reads: class,
            writes: class,
            checkout: class,
            sessions: class,
            endpoints: BTreeMap::new(),
        }
    }
}

impl Default for LimitConfig {
    fn default() -> Self {
        Self { per_second: 10, burst: 20 }
    }
}

impl Default for TokenConfig {
    fn default() -> Self {
        Self { issuer: "souk".to_owned(), audience: "souk".to_owned() }
    }
}

impl EdgeConfig {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// A sentence that starts with the key at fault.
    pub fn validate(&self) -> Result<(), String> {
        let LimitsConfig {
            enabled: _,
            max_clients,
            max_connections: per_address,
            reads,
            writes,
            checkout,
            sessions,
            endpoints,
        } = &self.limits;
        let classes = [("reads", reads), ("writes", writes), ("checkout", checkout), ("sessions", sessions)];
        let endpoints = endpoints.iter().map(|(call, limit)| (format!("endpoints.{call:?}"), limit));
        for (name, limit) in classes.map(|(class, limit)| (class.to_owned(), limit)).into_iter().chain(endpoints) {
            if limit.per_second == 0 || limit.burst == 0 {
                return Err(format!("limits.{name}: per_second and burst must be at least 1"));
            }
        }
        for call in self.limits.endpoints.keys() {
            let is_there = |(method, path, _)| call.split_once(' ') == Some((method, path));
            if !operations(&WRITTEN.document).any(is_there) {
                return Err(format!("limits.endpoints: there is no call {call:?}; they are listed on /api/docs"));
            }
        }
        let server = &self.server;
        let positive = [
            ("limits.max_clients", u64::from(*max_clients)),
            ("limits.max_connections", u64::from(*per_address)),
            ("server.max_connections", u64::from(server.max_connections)),
            ("server.max_requests_in_flight", u64::from(server.max_requests_in_flight)),
            ("server.header_timeout_ms", server.header_timeout_ms),
            ("server.idle_timeout_ms", server.idle_timeout_ms),
            ("server.body_timeout_ms", server.body_timeout_ms),
            ("server.request_timeout_ms", server.request_timeout_ms),
            ("server.max_headers", u64::from(server.max_headers)),
            ("server.max_http2_streams", u64::from(server.max_http2_streams)),
        ];
        if let Some((key, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(format!("{key} must be at least 1"));
        }
        if server.max_header_bytes < 8_192 {
            return Err("server.max_header_bytes must be at least 8192".to_owned());
        }
        let TlsConfig { certificate, key, hsts: _ } = &self.tls;
        if certificate.is_empty() != key.is_empty() {
            let missing = if key.is_empty() { "key" } else { "certificate" };
            return Err(format!("tls.{missing}: certificate and key belong together; set both or none"));
        }
        self.services.addresses()?;
        for network in &self.trusted_proxies {
            network
                .parse::<crate::middleware::client_address::Network>()
                .map_err(|fault| format!("trusted_proxies: {fault}"))?;
        }
        let bad_origin = |origin: &&String| *origin != "*" && (!origin.contains("://") || origin.ends_with('/'));
        if let Some(origin) = self.cors_origins.iter().find(bad_origin) {
            return Err(format!("cors_origins: {origin:?} is not an origin such as https://shop.example.com"));
        }
        if self.tokens.issuer.is_empty() || self.tokens.audience.is_empty() {
            return Err("tokens: issuer and audience must not be empty".to_owned());
        }
        self.realtime.validate()
    }
}

impl ServicesConfig {
    /// Which service listens where.
    ///
    /// # Errors
    /// A sentence that starts with the key at fault.
    pub fn addresses(&self) -> Result<Vec<(Service, SocketAddr)>, String> {
        let Self { gateway, products, accounts, orders, payments, chat, store } = self;
        let all = [
            (Service::Gateway, gateway),
            (Service::Products, products),
            (Service::Accounts, accounts),
            (Service::Orders, orders),
            (Service::Payments, payments),
            (Service::Chat, chat),
            (Service::Store, store),
        ];
        let set = all.into_iter().filter(|(_, address)| !address.is_empty());
        set.map(|(service, address)| {
            let fault =
                |_| format!("services.{}: {address:?} is not an address such as 127.0.0.1:5001", service.name());
            Ok((service, address.parse().map_err(fault)?))
        })
        .collect()
    }
}

impl ServerConfig {
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    pub fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
    }

    pub fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms)
    }

    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub fn drain_timeout(&self) -> Duration {
        Duration::from_millis(self.drain_timeout_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<EdgeConfig, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn the_default_is_valid_and_unknown_keys_are_not() {
        assert_eq!(parse("{}").unwrap().validate(), Ok(()));
        assert!(parse(r#"{"server": {"header_timeout": 1}}"#).unwrap_err().contains("header_timeout"));
    }

    #[test]
    fn complaints_name_the_key() {
        for (json, key) in [
            (r#"{"limits": {"reads": {"burst": 0}}}"#, "limits.reads"),
            (r#"{"server": {"max_connections": 0}}"#, "server.max_connections"),
            (r#"{"server": {"max_header_bytes": 100}}"#, "server.max_header_bytes"),
            (r#"{"trusted_proxies": ["10.0.0.0/99"]}"#, "trusted_proxies"),
            (r#"{"cors_origins": ["shop"]}"#, "cors_origins"),
            (r#"{"tokens": {"issuer": ""}}"#, "tokens"),
            (r#"{"limits": {"max_connections": 0}}"#, "limits.max_connections"),
            (r#"{"limits": {"endpoints": {"GET /api/v1/orders/{id}": {"burst": 0}}}}"#, "limits.endpoints"),
            (r#"{"limits": {"endpoints": {"GET /api/v1/nothing": {"burst": 1}}}}"#, "limits.endpoints"),
            (r#"{"tls": {"certificate": "cert.pem"}}"#, "tls.key"),
            (r#"{"services": {"chat": "5003"}}"#, "services.chat"),
        ] {
            let complaint = parse(json).unwrap().validate().unwrap_err();
            assert!(complaint.starts_with(key), "{complaint}");
        }
    }
}
