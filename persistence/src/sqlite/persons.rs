//! The keys of persons: read when something sealed is met, deleted when the person is erased.

use async_trait::async_trait;
use uuid::Uuid;

use super::domains::{Chat, Domain, Orders};
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::sealing::{KeySource, Keyring, PersonKey};
use crate::stores::PersonalData;

/// ?1 a JSON array of ids in hexadecimal.
const KEYS: &str = "select keys.id, person, secret
     from jsonb_each(?1) as e join person_keys as keys on keys.id = unhex(e.value)";

/// Pages that held a key are overwritten, not only given back.
const DELETE_KEYS: &str = "delete from person_keys where person = ?1";

/// A domain with personal values in its journals.
pub trait PersonalDomain: Domain {
    /// What else is kept of a person, ?1, and how it is blanked.
    #[doc(hidden)]
    const BLANK: Option<&'static str> = None;
}

impl PersonalDomain for Orders {
    const BLANK: Option<&'static str> =
        Some("update order_rows set email_digest = null where owner = ?1 or cart_id = ?1");
}

impl PersonalDomain for Chat {}

#[async_trait]
impl<D: Domain> KeySource for SqliteStore<D> {
    fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    async fn person_keys(&self, ids: &[Uuid]) -> Result<Vec<PersonKey>, StoreError> {
        let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
        let query = sqlx::query_as(KEYS).bind(serde_json::json!(ids).to_string());
        let rows: Vec<(Vec<u8>, String, Vec<u8>)> = self.database.all(query).await?;
        rows.into_iter().map(|(id, person, secret)| PersonKey::stored(&id, person, &secret)).collect()
    }
}

#[async_trait]
impl<D: PersonalDomain> PersonalData for SqliteStore<D> {
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError> {
        let name = person.to_owned();
        let write = self.database.write(move |connection| {
            let name = name.clone();
            Box::pin(async move {
                sqlx::query("pragma secure_delete = on").execute(&mut *connection).await?;
                let deleted = sqlx::query(DELETE_KEYS).bind(&name).execute(&mut *connection).await?.rows_affected();
                if let Some(blank) = D::BLANK {
                    sqlx::query(blank).bind(&name).execute(&mut *connection).await?;
                }
                sqlx::query("pragma secure_delete = off").execute(connection).await?;
                Ok(deleted)
            })
        });
        let deleted = write.await?;
        self.keyring.forget(person);
        Ok(deleted)
    }

    fn forget_person(&self, person: &str) {
        self.keyring.forget(person);
    }
}
