//! Leases: a key with the holder's name that the server lets go by its own clock.

use std::time::Duration;

use async_trait::async_trait;
use redis::Value;
use uuid::Uuid;

use super::errors::unexpected;
use super::store::RedisChatStore;
use crate::error::StoreError;
use crate::leases::{Leases, Term};

#[async_trait]
impl Leases for RedisChatStore {
    async fn acquire(&self, lease: &str, node: Uuid, time: Duration) -> Result<Option<Term>, StoreError> {
        let keys = self.server.keys.lease(lease);
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).clamp(1, MOST_MILLIS);
        let arguments = [node.simple().to_string(), millis.to_string()];
        match self.server.run(&self.server.scripts.lease, &keys, &arguments).await? {
            Value::Int(0) => Ok(None),
            Value::Int(term) => Ok(Some(term.cast_unsigned())),
            other => Err(unexpected(lease, &other)),
        }
    }

    async fn release(&self, lease: &str, node: Uuid) -> Result<(), StoreError> {
        let [lease, _] = self.server.keys.lease(lease);
        self.server.run(&self.server.scripts.release, &[lease], &[node.simple().to_string()]).await?;
        Ok(())
    }
}

/// A hundred years: Redis refuses times that don't fit its clock.
const MOST_MILLIS: u64 = 100 * 365 * 24 * 3_600_000;
