//! The name of a request: the client's own `X-Request-Id` where it can be used, else a new one.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_BYTES: usize = 128;

#[derive(Debug, Clone)]
pub struct RequestId(HeaderValue);

/// Of no request.
impl Default for RequestId {
    fn default() -> Self {
        Self(HeaderValue::from_static(""))
    }
}

impl RequestId {
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).filter(|value| is_usable(value.as_bytes()));
        given.map_or_else(Self::random, |value| Self(value.clone()))
    }

    pub fn random() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 32];
        for (pair, byte) in text.chunks_exact_mut(2).zip(rand::random::<u128>().to_be_bytes()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(HeaderValue::from_bytes(&text).expect("hex digits are valid in a header"))
    }

    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub fn into_header(self) -> HeaderValue {
        self.0
    }
}

/// It goes into logs, so it must not be able to forge them.
fn is_usable(id: &[u8]) -> bool {
    (1..=MAX_BYTES).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usable_one_is_kept_and_others_are_replaced() {
        let of = |id: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_bytes(id).unwrap());
            RequestId::of(&headers).as_str().to_owned()
        };
        assert_eq!(of(b"trace-1_2.3"), "trace-1_2.3");
        for bad in [b"".as_slice(), b"a b", b"a\"b", &[0xff], &[b'a'; 129]] {
            let id = of(bad);
            assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        }
        assert_ne!(RequestId::random().as_str(), RequestId::random().as_str());
    }
}
