//! By which address an order was placed, without the address: a digest that only the shop can make.

use ring::hmac;
use souk_domain::account::email::normalised;

/// The shop's key. It lies in the store of accounts, apart from the orders that are found by it.
#[derive(Clone)]
pub struct EmailKey(hmac::Key);

impl EmailKey {
    pub fn new(secret: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &secret))
    }

    /// The same for every spelling of an address.
    pub fn digest(&self, email: &str) -> [u8; 32] {
        let email = normalised(email).unwrap_or_else(|| email.to_owned());
        let tag = hmac::sign(&self.0, email.as_bytes());
        tag.as_ref().try_into().expect("a tag of SHA-256 has 32 bytes")
    }
}
