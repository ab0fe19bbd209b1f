//! The keys of persons: read when something sealed is met, deleted when the person is erased.

use async_trait::async_trait;
use uuid::Uuid;

use super::domains::{Chat, Domain, Orders};
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::journal::{EntityId, Recorded};
use crate::sealing::{PersonKey, SECRET_BYTES};
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

impl<D: Domain> SqliteStore<D> {
    /// Opens the personal values in these texts of an entity; what has no key any more is erased.
    pub(super) async fn unseal<'t>(
        &self,
        entity: &EntityId,
        texts: impl Iterator<Item = &'t mut String>,
    ) -> Result<(), StoreError> {
        let texts: Vec<&mut String> = texts.collect();
        let missing = self.keyring.missing(texts.iter().map(|text| text.as_str()));
        if !missing.is_empty() {
            self.keyring.learned(self.person_keys(&missing).await?);
        }
        texts.into_iter().for_each(|text| self.keyring.open(text, entity));
        Ok(())
    }

    /// The same for many entities, whose keys are read together.
    pub(super) async fn unseal_all(&self, journals: &mut [(EntityId, Vec<Recorded>)]) -> Result<(), StoreError> {
        let texts = journals.iter().flat_map(|(_, events)| events.iter().map(|recorded| recorded.event.as_str()));
        let missing = self.keyring.missing(texts);
        if !missing.is_empty() {
            self.keyring.learned(self.person_keys(&missing).await?);
        }
        for (entity, events) in journals {
            events.iter_mut().for_each(|recorded| self.keyring.open(&mut recorded.event, entity));
        }
        Ok(())
    }

    async fn person_keys(&self, ids: &[Uuid]) -> Result<Vec<PersonKey>, StoreError> {
        let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
        let query = sqlx::query_as(KEYS).bind(serde_json::json!(ids).to_string());
        let rows: Vec<(Vec<u8>, String, Vec<u8>)> = self.database.all(query).await?;
        rows.into_iter().map(|(id, person, secret)| decode(&id, person, &secret)).collect()
    }
}

fn decode(id: &[u8], person: String, secret: &[u8]) -> Result<PersonKey, StoreError> {
    let damaged = || StoreError::Damaged(format!("a key of {person} has not {SECRET_BYTES} bytes"));
    let id = Uuid::from_slice(id).map_err(|_| damaged())?;
    let secret = secret.try_into().map_err(|_| damaged())?;
    Ok(PersonKey::new(id, person, secret))
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
}
