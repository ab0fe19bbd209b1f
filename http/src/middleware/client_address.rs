//! Who sent a request. What a proxy says about it counts only where the proxy is a trusted one.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::{Extensions, HeaderMap};

use super::forwarded::ProxyHeader;

/// The other end of the connection. The server puts it into every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// A network such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("{text:?} is not a network such as 10.0.0.0/8 or ::1");
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| fault())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.parse().map_err(|_| fault()))?;
        if prefix > most { Err(fault()) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix,
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= self.prefix,
            _ => false,
        }
    }
}

/// The proxies in front whose word counts.
#[derive(Debug, Clone)]
pub struct Proxies {
    pub trusted: Vec<Network>,
    pub header: ProxyHeader,
}

/// The client's address. What proxies say is read from its end, because each appends what it saw: the first entry
/// that no trusted proxy stands for is the client. What is left of it anybody could have written.
pub fn client_address(extensions: &Extensions, headers: &HeaderMap, proxies: &Proxies) -> Option<IpAddr> {
    let mut address = extensions.get::<Peer>()?.0.ip().to_canonical();
    let is_trusted = |address: IpAddr| proxies.trusted.iter().any(|network| network.contains(address));
    if !is_trusted(address) {
        return Some(address);
    }
    for hop in proxies.header.hops(headers) {
        let Some(hop) = hop else { break };
        address = hop;
        if !is_trusted(address) {
            break;
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let trusted = vec!["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()];
        let proxies = Proxies { trusted, header: ProxyHeader::XForwardedFor };
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::new(peer.parse().unwrap(), 4000)));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        client_address(&extensions, &headers, &proxies).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("203.0.113.9", &["1.1.1.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1"]), "1.1.1.1");
        assert_eq!(client("::1", &["1.1.1.1"]), "1.1.1.1");
        assert_eq!(client("::ffff:10.0.0.1", &["1.1.1.1"]), "1.1.1.1");
    }

    #[test]
    fn the_last_untrusted_hop_is_the_client() {
        assert_eq!(client("10.0.0.1", &["9.9.9.9, 1.1.1.1, 10.0.0.2"]), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["9.9.9.9", "1.1.1.1", "10.0.0.2"]), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &["1.1.1.1, junk"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn networks() {
        let contains =
            |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(contains("0.0.0.0/0", "8.8.8.8") && contains("192.168.1.7", "192.168.1.7"));
        assert!(!contains("192.168.1.7", "192.168.1.8") && !contains("10.0.0.0/8", "::1"));
        assert!(contains("2001:db8::/32", "2001:db8:1::2"));
        for bad in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "host"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
