//! The keys of persons: read when something sealed is met, deleted when the person is erased.

use async_trait::async_trait;
use redis::{Pipeline, Value};
use uuid::Uuid;

use super::encoding::read_secret;
use super::errors::{answer, unexpected};
use super::keys::PARTS;
use super::store::{RedisChatStore, Server};
use crate::error::StoreError;
use crate::journal::EntityId;
use crate::sealing::PersonKey;
use crate::stores::PersonalData;

impl RedisChatStore {
    /// Opens the personal values in these texts of an entity; what has no key any more is erased.
    pub(super) async fn unseal<'t>(
        &self,
        entity: &EntityId,
        texts: impl Iterator<Item = &'t mut String>,
    ) -> Result<(), StoreError> {
        let texts: Vec<&mut String> = texts.collect();
        let missing = self.keyring.missing(texts.iter().map(|text| text.as_str()));
        if !missing.is_empty() {
            self.keyring.learned(self.server.person_keys(&missing).await?);
        }
        texts.into_iter().for_each(|text| self.keyring.open(text, entity));
        Ok(())
    }
}

impl Server {
    /// A key lies in the part of the entity that its person was first met in, so all parts are asked. A key that was
    /// read is kept at hand.
    async fn person_keys(&self, ids: &[Uuid]) -> Result<Vec<PersonKey>, StoreError> {
        let mut commands = Pipeline::with_capacity(PARTS.into());
        for part in 0..PARTS {
            let command = commands.cmd("HMGET").arg(self.keys.secrets(part));
            ids.iter().for_each(|id| {
                command.arg(id.simple().to_string());
            });
        }
        let parts: Vec<Vec<Option<String>>> = self.answers(&commands).await?;
        let mut found = Vec::new();
        for part in parts {
            for (id, kept) in ids.iter().zip(part) {
                let Some(kept) = kept else { continue };
                let damaged = || StoreError::Damaged(format!("the key {} of a person is not one", id.simple()));
                found.push(read_secret(*id, &kept).ok_or_else(damaged)?);
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl PersonalData for RedisChatStore {
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError> {
        let Server { keys, scripts, replicas, .. } = &*self.server;
        let mut commands = Pipeline::with_capacity(PARTS.into());
        for part in 0..PARTS {
            commands.add_command(scripts.erase.call::<_, &str>(&[keys.secrets(part), keys.person(part, person)], &[]));
        }
        let mut deleted = 0;
        for value in self.server.send(&commands).await? {
            let count: u64 =
                redis::from_redis_value(answer(value)?).map_err(|error| unexpected("a count of keys", &error))?;
            deleted += count;
        }
        self.keyring.forget(person);
        if deleted > 0 {
            self.server.forget_on_disk(*replicas).await?;
        }
        Ok(deleted)
    }

    fn forget_person(&self, person: &str) {
        self.keyring.forget(person);
    }
}

impl Server {
    /// The server's log still has what was deleted, until it is written anew.
    async fn forget_on_disk(&self, replicas: u32) -> Result<(), StoreError> {
        if replicas > 0 {
            self.link.call(redis::cmd("WAITAOF").arg(0).arg(replicas).arg(1000)).await?;
        }
        match self.link.call(&redis::cmd("BGREWRITEAOF")).await {
            Ok(Value::SimpleString(_) | Value::Okay) => {}
            Ok(other) => tracing::warn!(?other, "redis does not say that it writes its log anew"),
            Err(fault) => tracing::warn!(
                reason = fault.reason(),
                "a person's keys are deleted, but redis keeps them in its log until it is written anew (BGREWRITEAOF)"
            ),
        }
        Ok(())
    }
}
