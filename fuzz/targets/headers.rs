//! What headers say: forwarded addresses, encodings, request ids.
#![no_main]

use axum::http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use souk_http::middleware::compression::negotiate;
use souk_http::middleware::forwarded::ProxyHeader;
use souk_http::middleware::request_id::RequestId;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let mut headers = HeaderMap::new();
    for name in ["forwarded", "x-forwarded-for", "accept-encoding", "x-request-id"] {
        headers.insert(name, value.clone());
    }
    ProxyHeader::Forwarded.hops(&headers);
    ProxyHeader::XForwardedFor.hops(&headers);
    assert!(!RequestId::of(&headers).as_str().is_empty());
    negotiate(&mut headers);
});
