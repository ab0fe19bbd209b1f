//! What proxies say about who is behind them: `X-Forwarded-For`, or `Forwarded` (RFC 7239). Written by strangers too,
//! so whatever is not understood is no address.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

/// The header that the proxies in front write. Only one is read: a proxy that writes one passes on the other as its
/// client sent it, so whoever believes both believes the client.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    #[default]
    XForwardedFor,
    Forwarded,
}

impl ProxyHeader {
    /// What each proxy saw, the nearest first: each appends to what it was given. None where one is not understood.
    pub fn hops(self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let name = match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        };
        let lines: Vec<Option<&str>> = headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
        let hops_of = |line: &Option<&str>| match (line, self) {
            (None, _) => vec![None],
            (Some(line), Self::XForwardedFor) => line.rsplit(',').map(|entry| node(entry.trim())).collect(),
            (Some(line), Self::Forwarded) => forwarded(line),
        };
        lines.iter().rev().flat_map(hops_of).collect()
    }
}

/// The elements of one line, the last first.
fn forwarded(line: &str) -> Vec<Option<IpAddr>> {
    let Some(elements) = split(line, ',') else { return vec![None] };
    elements.into_iter().rev().map(element).collect()
}

/// The node of `for=`, which may stand at most once in an element.
fn element(text: &str) -> Option<IpAddr> {
    let pairs = split(text, ';')?;
    let mut nodes = pairs.iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    let value = nodes.next()?;
    if nodes.next().is_some() {
        return None;
    }
    match value.strip_prefix('"') {
        // An address has nothing in it that would need an escape.
        Some(quoted) => node(quoted.strip_suffix('"').filter(|text| !text.contains(['"', '\\']))?),
        None => node(value),
    }
}

/// Splits outside of quoted strings. None where one does not end.
fn split(text: &str, separator: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if character == separator && !quoted => {
                parts.push(text[start..at].trim());
                start = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    (!quoted).then_some(parts)
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    let bare = || text.parse::<IpAddr>().ok();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok().filter(IpAddr::is_ipv6);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare().or_else(bracketed).or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn hops(header: ProxyHeader, lines: &[&str]) -> Vec<String> {
        let name = if header == ProxyHeader::Forwarded { "forwarded" } else { "x-forwarded-for" };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_str(line).unwrap());
        }
        let text = |hop: Option<IpAddr>| hop.map_or_else(|| "?".to_owned(), |address| address.to_string());
        header.hops(&headers).into_iter().map(text).collect()
    }

    #[test]
    fn the_nearest_comes_first() {
        use ProxyHeader::{Forwarded, XForwardedFor};
        assert_eq!(
            hops(XForwardedFor, &["1.1.1.1, 2.2.2.2", "3.3.3.3:80,[::1]:9"]),
            ["::1", "3.3.3.3", "2.2.2.2", "1.1.1.1"]
        );
        assert_eq!(
            hops(Forwarded, &["for=1.1.1.1;proto=http, For=\"[2001:db8::1]:4711\"", "by=9.9.9.9; for = 2.2.2.2"]),
            ["2.2.2.2", "2001:db8::1", "1.1.1.1"]
        );
    }

    #[test]
    fn what_is_not_understood_is_no_address() {
        for line in [
            "",
            "for=unknown",
            "for=_hidden",
            "for=\"1.1.1.1",
            "for=1.1.1.1;for=2.2.2.2",
            "for=\"1.1.1.1\\\"\"",
            "proto=https",
            "for=[1.1.1.1]",
            "for=1.1.1.1.1",
            "for=::1::",
        ] {
            assert_eq!(hops(ProxyHeader::Forwarded, &[line]), ["?"], "{line}");
        }
        // A comma in quotes begins no element of its own.
        assert_eq!(hops(ProxyHeader::Forwarded, &["for=\"a,for=1.1.1.1,b\""]), ["?"]);
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_a_panic(line in "[ -~]{0,80}", header in prop_oneof![Just(ProxyHeader::Forwarded), Just(ProxyHeader::XForwardedFor)]) {
            hops(header, &[&line]);
        }

        #[test]
        fn any_address_is_found_again(bits: u128, port: Option<u16>) {
            let address = IpAddr::from(bits.to_be_bytes()).to_canonical();
            let text = match (address, port) {
                (IpAddr::V4(address), None) => address.to_string(),
                (IpAddr::V6(address), None) => format!("[{address}]"),
                (address, Some(port)) => SocketAddr::new(address, port).to_string(),
            };
            prop_assert_eq!(hops(ProxyHeader::XForwardedFor, &[&text]), [address.to_string()]);
            prop_assert_eq!(hops(ProxyHeader::Forwarded, &[&format!("for=\"{text}\"")]), [address.to_string()]);
        }
    }
}
