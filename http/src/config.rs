//! What can be set about the edge. Every field has a default, so an empty section is a whole one.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::realtime::config::RealtimeConfig;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EdgeConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Networks whose `X-Forwarded-For` is believed, such as `10.0.0.0/8` or `::1`. Empty: none.
    pub trusted_proxies: Vec<String>,
    /// Other origins whose pages may call the API, such as `https://shop.example.com`; `*` is any.
    pub cors_origins: Vec<String>,
    pub server: ServerConfig,
    pub limits: LimitsConfig,
    pub tokens: TokenConfig,
    pub realtime: RealtimeConfig,
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

/// How often one client may call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    pub enabled: bool,
    /// Clients that are told apart. Beyond it the ones that used the least are forgotten.
    pub max_clients: u32,
    /// Looking.
    pub reads: LimitConfig,
    /// Changing something.
    pub writes: LimitConfig,
    /// Placing and paying orders.
    pub checkout: LimitConfig,
    /// Signing up and in.
    pub sessions: LimitConfig,
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
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            server: ServerConfig::default(),
            limits: LimitsConfig::default(),
            tokens: TokenConfig::default(),
            realtime: RealtimeConfig::default(),
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
        Self { enabled: true, max_clients: 100_000, reads: class, writes: class, checkout: class, sessions: class }
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
        let LimitsConfig { enabled: _, max_clients, reads, writes, checkout, sessions } = &self.limits;
        let classes = [("reads", reads), ("writes", writes), ("checkout", checkout), ("sessions", sessions)];
        for (class, limit) in classes {
            if limit.per_second == 0 || limit.burst == 0 {
                return Err(format!("limits.{class}: per_second and burst must be at least 1"));
            }
        }
        let server = &self.server;
        let positive = [
            ("limits.max_clients", u64::from(*max_clients)),
            ("server.max_connections", u64::from(server.max_connections)),
            ("server.max_requests_in_flight", u64::from(server.max_requests_in_flight)),
            ("server.header_timeout_ms", server.header_timeout_ms),
            ("server.idle_timeout_ms", server.idle_timeout_ms),
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

impl ServerConfig {
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms)
    }

    pub fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
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
        ] {
            let complaint = parse(json).unwrap().validate().unwrap_err();
            assert!(complaint.starts_with(key), "{complaint}");
        }
    }
}
