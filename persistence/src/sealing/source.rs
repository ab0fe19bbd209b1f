//! A store that keeps keys of persons: what it reads is opened with those at hand, and with those it reads for it.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Keyring, PersonKey};
use crate::error::StoreError;
use crate::journal::{EntityId, Recorded};

#[async_trait]
pub(crate) trait KeySource: Sync {
    fn keyring(&self) -> &Keyring;

    /// Those of these keys that are still there.
    async fn person_keys(&self, ids: &[Uuid]) -> Result<Vec<PersonKey>, StoreError>;

    /// Opens the personal values in these texts of an entity; what has no key any more is erased.
    async fn unseal<'t>(
        &self,
        entity: &EntityId,
        texts: impl Iterator<Item = &'t mut String> + Send,
    ) -> Result<(), StoreError> {
        let texts: Vec<&mut String> = texts.collect();
        let missing = self.keyring().missing(texts.iter().map(|text| text.as_str()));
        self.learn(missing).await?;
        texts.into_iter().for_each(|text| self.keyring().open(text, entity));
        Ok(())
    }

    /// The same for many entities, whose keys are read together.
    async fn unseal_all(&self, journals: &mut [(EntityId, Vec<Recorded>)]) -> Result<(), StoreError> {
        let texts = journals.iter().flat_map(|(_, events)| events.iter().map(|recorded| recorded.event.as_str()));
        let missing = self.keyring().missing(texts);
        self.learn(missing).await?;
        for (entity, events) in journals {
            events.iter_mut().for_each(|recorded| self.keyring().open(&mut recorded.event, entity));
        }
        Ok(())
    }

    async fn learn(&self, missing: Vec<Uuid>) -> Result<(), StoreError> {
        if !missing.is_empty() {
            self.keyring().learned(self.person_keys(&missing).await?);
        }
        Ok(())
    }
}
