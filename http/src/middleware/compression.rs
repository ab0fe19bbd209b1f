//! gzip and br, for clients that ask for it. Who does not ask pays nothing.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionBody, CompressionLayer, CompressionLevel};

/// Below that the saving is less than a packet.
const MIN_BYTES: u64 = 1_024;

pub type Compress = CompressionLayer<Compressible>;

/// Whether an answer gains from it: pictures are compressed already, except those that are text.
#[derive(Debug, Clone, Copy)]
pub struct Compressible;

impl Predicate for Compressible {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &axum::http::Response<B>) -> bool {
        let is_svg = response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "image/svg+xml");
        SizeAbove::new(MIN_BYTES).should_compress(response)
            && NotForContentType::SSE.should_compress(response)
            && (is_svg || NotForContentType::IMAGES.should_compress(response))
    }
}

pub fn layer() -> Compress {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(Compressible)
}

/// The encoding to use, the only one named from here on. Upgrades and partial answers stay as they are.
pub fn negotiate(headers: &mut HeaderMap) -> bool {
    let Some(accepted) = headers.get(header::ACCEPT_ENCODING) else { return false };
    if headers.contains_key(header::UPGRADE) || headers.contains_key(header::RANGE) {
        return false;
    }
    let accepted = accepted.to_str().unwrap_or_default();
    let chosen = ["br", "gzip"].into_iter().find(|coding| accepts(accepted, coding));
    match chosen {
        Some(coding) => headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(coding)),
        None => headers.remove(header::ACCEPT_ENCODING),
    };
    chosen.is_some()
}

/// RFC 9110, section 12.5.3: a weight of 0 means never.
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused =
            |weight: &str| weight.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
        named && !parts.any(refused)
    })
}

/// The answer with a body like any other. Compressed bytes are other bytes, so their tag is a weak one
/// (RFC 9110, section 8.8.3.3).
pub fn finish(response: Response<CompressionBody<Body>>) -> Response {
    let mut response = response.map(Body::new);
    let headers = response.headers_mut();
    if headers.contains_key(header::CONTENT_ENCODING) {
        let strong = headers.get(header::ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""));
        let weak = strong.and_then(|tag| HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat()).ok());
        if let Some(weak) = weak {
            headers.insert(header::ETAG, weak);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates() {
        let chosen = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            negotiate(&mut headers).then(|| headers[header::ACCEPT_ENCODING].to_str().unwrap().to_owned())
        };
        assert_eq!(chosen("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(chosen("gzip").as_deref(), Some("gzip"));
        assert_eq!(chosen("br;q=0, GZIP;q=0.5").as_deref(), Some("gzip"));
        for none in ["", "identity", "zstd, identity;q=0", "gzip;q=0", "gzip; q=0.0"] {
            assert_eq!(chosen(none), None, "{none}");
        }
        assert!(!negotiate(&mut HeaderMap::new()));
    }
}
