//! HMAC-SHA256 by RFC 2104 over `id.timestamp.body`, as the Standard Webhooks specification has it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const BLOCK: usize = 64;

/// One signature of the header, `v1,` and base64.
pub fn expected(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    assert!(key.len() <= BLOCK);
    let padded = |byte: u8| -> Vec<u8> {
        let key = key.iter().copied().chain(std::iter::repeat(0)).take(BLOCK);
        key.map(|key| key ^ byte).collect()
    };
    let message = format!("{id}.{timestamp}.{body}");
    let inner = Sha256::digest([padded(0x36), message.into_bytes()].concat());
    let outer = Sha256::digest([padded(0x5c), inner.to_vec()].concat());
    format!("v1,{}", STANDARD.encode(outer))
}
