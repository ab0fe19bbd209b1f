//! Keys of other programs. They are shown once and kept as digests.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use souk_domain::account::role::Permissions;
use souk_domain::id::ApiKeyId;
use souk_domain::time::Timestamp;
use souk_persistence::accounts::{ApiKeyRecord, Change};

use super::error::AccountError;
use super::secrets;
use super::service::{Accounts, refusal};

pub const MOST_API_KEYS: usize = 1_000;
/// How people and scanners of leaked secrets know one.
pub const PREFIX: &str = "souk_";
/// Of the text of a key that stays visible.
const VISIBLE: usize = PREFIX.len() + 6;
/// How often the audit tells that a key is in use.
const USE_TOLD_EVERY_MILLIS: i64 = 3_600_000;

/// A key with its text, which is not kept.
pub struct NewApiKey {
    pub record: ApiKeyRecord,
    pub text: String,
}

/// When the use of each key was last recorded.
#[derive(Default)]
pub struct Uses(Mutex<BTreeMap<ApiKeyId, Timestamp>>);

impl Accounts {
    /// # Errors
    /// `TooMany`.
    pub async fn create_api_key(
        &self,
        name: String,
        scopes: Permissions,
        expires_at: Option<Timestamp>,
        actor: &str,
    ) -> Result<NewApiKey, AccountError> {
        let text = format!("{PREFIX}{}", secrets::text(secrets::secret(&*self.chance)));
        let record = ApiKeyRecord {
            id: ApiKeyId::from_uuid(self.chance.sortable()),
            name,
            prefix: text[..VISIBLE].to_owned(),
            digest: secrets::digest(&text),
            scopes,
            created_by: actor.to_owned(),
            created_at: self.clock.now(),
            expires_at,
        };
        let entry = self.entry("api_key_created", Some(actor.to_owned()), Some(record.id.to_string()), &record.prefix);
        let insert = Change::InsertApiKey { record: record.clone(), most: MOST_API_KEYS };
        self.write_or(vec![insert, entry], |_| AccountError::TooMany("keys")).await?;
        Ok(NewApiKey { record, text })
    }

    /// Those that have not ended, oldest first.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeyRecord>, AccountError> {
        let now = self.clock.now();
        Ok(self.store.security(now, now, 1).await?.api_keys)
    }

    /// # Errors
    /// `NotFound`.
    pub async fn remove_api_key(&self, id: ApiKeyId, actor: &str) -> Result<(), AccountError> {
        let entry = self.entry("api_key_removed", Some(actor.to_owned()), Some(id.to_string()), "");
        self.write_or(vec![Change::RemoveApiKey { id }, entry], refusal).await
    }

    /// A key was used: told once an hour, so that reading with it does not fill the audit.
    pub async fn api_key_used(&self, id: ApiKeyId) {
        let now = self.clock.now();
        {
            let mut uses = self.key_uses.0.lock().unwrap_or_else(PoisonError::into_inner);
            uses.retain(|_, told| now.as_millis() - told.as_millis() < USE_TOLD_EVERY_MILLIS);
            if uses.contains_key(&id) {
                return;
            }
            uses.insert(id, now);
        }
        self.record("api_key_used", Some(id.to_string()), None, "").await;
    }
}
