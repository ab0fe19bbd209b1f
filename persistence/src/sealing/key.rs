//! A person's key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use crate::error::StoreError;

const SECRET_BYTES: usize = 32;

/// One of a person's keys: each process that meets a person takes a new one, and all of them open.
pub(crate) struct PersonKey {
    pub id: Uuid,
    pub person: String,
    pub secret: [u8; SECRET_BYTES],
    key: LessSafeKey,
}

impl PersonKey {
    pub fn new(id: Uuid, person: String, secret: [u8; SECRET_BYTES]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &secret).expect("an AES-256 key has 32 bytes");
        Self { id, person, secret, key: LessSafeKey::new(key) }
    }

    /// A key as it is kept.
    ///
    /// # Errors
    /// When a part has another length than a key's.
    pub fn stored(id: &[u8], person: String, secret: &[u8]) -> Result<Self, StoreError> {
        let damaged = || StoreError::Damaged(format!("a key of {person} has not {SECRET_BYTES} bytes"));
        let id = Uuid::from_slice(id).map_err(|_| damaged())?;
        let secret = secret.try_into().map_err(|_| damaged())?;
        Ok(Self::new(id, person, secret))
    }

    /// # Errors
    /// When the system has no randomness to give.
    pub fn random(person: &str) -> Result<Self, String> {
        Ok(Self::new(Uuid::new_v4(), person.to_owned(), random()?))
    }

    /// Seals a text; it opens only beside the same entity, so that it cannot be moved to another.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn seal(&self, text: String, entity: &str) -> Result<String, String> {
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = text.into_bytes();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(entity), &mut sealed)
            .map_err(|_| "a personal value is too long to be sealed".to_owned())?;
        Ok(BASE64.encode([&nonce[..], &sealed].concat()))
    }

    /// None: not sealed with this key, or not for this entity.
    pub fn open(&self, sealed: &str, entity: &str) -> Option<String> {
        let mut bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.key.open_in_place(nonce, Aad::from(entity), sealed).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

/// 96 bits at random for each value: far from a repetition with the few values that one key seals.
fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no random numbers".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_beside_the_same_entity_only() {
        let key = PersonKey::random("guest_1").unwrap();
        let sealed = key.seal("Ada".to_owned(), "cart_1").unwrap();
        assert_eq!(key.open(&sealed, "cart_1").as_deref(), Some("Ada"));
        assert_eq!(key.open(&sealed, "cart_2"), None);
        assert_eq!(PersonKey::random("guest_1").unwrap().open(&sealed, "cart_1"), None);
        assert_ne!(key.seal("Ada".to_owned(), "cart_1").unwrap(), sealed);
        for broken in ["", "!", "AAAA", &sealed[..sealed.len() - 4]] {
            assert_eq!(key.open(broken, "cart_1"), None, "{broken:?}");
        }
    }
}
