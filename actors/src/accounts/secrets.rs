//! What nobody can guess, and the digests by which it is known again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::runtime::world::Chance;

/// 32 bytes that nobody can guess. A version 4 UUID has six bits that are not random; a digest of two spreads the
/// rest over all.
pub fn secret(chance: &dyn Chance) -> [u8; 32] {
    Sha256::digest([chance.random().into_bytes(), chance.random().into_bytes()].concat()).into()
}

/// A secret as a text: 43 characters that need no escaping in URLs, cookies and mails.
pub fn text(secret: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(secret)
}

/// What is kept of a secret's text. The secret has 244 bits of chance, so a plain digest tells nothing of it.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// A digest as text.
pub fn hex_digest(text: &str) -> String {
    hex::encode(digest(text))
}
