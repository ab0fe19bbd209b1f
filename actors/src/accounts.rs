//! Accounts are plain records, not entities. So far: guests, identities without an account, and the
//! keys that sign tokens.

use std::sync::Arc;

use souk_domain::id::GuestId;
use souk_persistence::error::StoreError;
use souk_persistence::stores::{AccountStore, GuestRecord, SigningKeyRecord};

use crate::runtime::error::Unavailable;
use crate::runtime::world::{Chance, Clock};
use crate::viewer::{Identity, Role};

pub const MAX_NAME_CHARS: usize = 100;

#[derive(Clone)]
pub struct Accounts {
    pub store: Arc<dyn AccountStore>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

impl Accounts {
    /// Somebody who wants to be known by a name, and no more.
    ///
    /// # Errors
    /// When the store cannot take it.
    pub async fn create_guest(&self, name: String) -> Result<Identity, Unavailable> {
        let id = GuestId::from_uuid(self.chance.sortable()).to_string();
        let guest = GuestRecord { id: id.clone(), name: name.clone(), created_at: self.clock.now() };
        self.store.insert_guest(guest).await.map_err(|error| unavailable(&error))?;
        Ok(Identity { id, name, role: Role::Guest })
    }

    /// The keys that sign tokens, newest first; makes the first one where there is none.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let keys = self.store.signing_keys().await?;
        if !keys.is_empty() {
            return Ok(keys);
        }
        let kid = self.chance.sortable().simple().to_string();
        self.store
            .insert_signing_key(SigningKeyRecord {
                kid,
                secret: secret(&*self.chance).to_vec(),
                created_at: self.clock.now(),
                ends_at: None,
            })
            .await?;
        self.store.signing_keys().await
    }
}

/// 32 bytes that nobody can guess. A version 4 UUID has six bits that are not random; a digest of two spreads the
/// rest over all.
pub fn secret(chance: &dyn Chance) -> [u8; 32] {
    use sha2::Digest;
    sha2::Sha256::digest([chance.random().into_bytes(), chance.random().into_bytes()].concat()).into()
}

fn unavailable(error: &StoreError) -> Unavailable {
    tracing::warn!(%error, "the account store could not be asked");
    Unavailable::Store
}
