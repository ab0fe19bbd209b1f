//! The keys that sign access tokens.

use std::time::Duration;

use souk_persistence::accounts::{Change, SigningKeyRecord};
use souk_persistence::error::StoreError;

use super::error::AccountError;
use super::secrets::secret;
use super::service::{Accounts, refusal};

/// The id of a shop's first key. Nodes that start at once all make one, and the store keeps the first that comes: else
/// each would sign with a key that the others have yet to hear of.
const FIRST: &str = "first";

/// Longer than any token lives, and than any node takes to notice a new key.
pub const KEYS_OUTLIVE_TOKENS: Duration = Duration::from_hours(25);

impl Accounts {
    /// The keys that sign tokens, newest first; makes the first one where there is none.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let now = self.clock.now();
        let valid = |keys: Vec<SigningKeyRecord>| -> Vec<SigningKeyRecord> {
            keys.into_iter().filter(|key| key.ends_at.is_none_or(|end| now < end)).collect()
        };
        let keys = valid(self.store.signing_keys().await?);
        if !keys.is_empty() {
            return Ok(keys);
        }
        self.store.insert_signing_key(SigningKeyRecord { kid: FIRST.to_owned(), ..self.new_key() }).await?;
        Ok(valid(self.store.signing_keys().await?))
    }

    /// A new key signs from now on. The others verify until `verify_for` is over: [`KEYS_OUTLIVE_TOKENS`], or nothing
    /// at all where a key may be in the wrong hands. Returns the new key's id.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn rotate_keys(&self, verify_for: Duration, actor: &str) -> Result<String, AccountError> {
        let key = self.new_key();
        let kid = key.kid.clone();
        let others_until = self.clock.now().plus(verify_for);
        let entry = self.entry("keys_rotated", Some(actor.to_owned()), Some(kid.clone()), "");
        self.write_or(vec![Change::RotateSigningKey { key, others_until }, entry], refusal).await?;
        Ok(kid)
    }

    fn new_key(&self) -> SigningKeyRecord {
        let kid = self.chance.sortable().simple().to_string();
        let secret = secret(&*self.chance).to_vec();
        SigningKeyRecord { kid, secret, created_at: self.clock.now(), ends_at: None }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::future::join_all;
    use souk_persistence::sqlite::{DataFolder, SqliteAccountStore, SqliteOptions};

    use super::*;
    use crate::accounts::settings::AccountSettings;
    use crate::runtime::world::{SystemChance, SystemClock};

    #[tokio::test]
    async fn nodes_that_start_at_once_sign_with_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::open(folder.path()).unwrap();
        let store = Arc::new(SqliteAccountStore::open(&data, &SqliteOptions::default()).await.unwrap());
        let node =
            || Accounts::new(store.clone(), Arc::new(SystemClock), Arc::new(SystemChance), AccountSettings::default());
        let nodes: Vec<_> = (0..8).map(|_| node()).collect();
        let keys = join_all(nodes.iter().map(Accounts::signing_keys)).await;
        let keys: Vec<_> = keys.into_iter().map(Result::unwrap).collect();
        assert!(keys.iter().all(|known| known.len() == 1 && *known == keys[0]), "each has the same one");
    }
}
