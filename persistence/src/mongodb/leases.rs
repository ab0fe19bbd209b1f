//! Work that one node does at a time, on the server's clock. Each step names what it found, so of two nodes that find
//! the same one succeeds, and each looks whose it is.

use std::time::Duration;

use async_trait::async_trait;
use mongodb::bson::doc;
use uuid::Uuid;

use super::commands::integer;
use super::connect::server_now;
use super::errors::code;
use super::store::MongoProductStore;
use crate::error::StoreError;
use crate::leases::{Leases, Term};

const LEASES: &str = "leases";

#[async_trait]
impl Leases for MongoProductStore {
    async fn acquire(&self, lease: &str, node: Uuid, time: Duration) -> Result<Option<Term>, StoreError> {
        // Asked for first: what comes later can only make the lease end sooner than it could.
        let now = server_now(&self.shared.commands).await.map_err(StoreError::Unavailable)?;
        let (me, until) = (node.to_string(), now + i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 2));
        let leases = self.shared.commands.database.collection::<mongodb::bson::Document>(LEASES);
        let found = self.shared.commands.read(async { leases.find_one(doc! { "_id": lease }).await }).await?;
        let Some(found) = found else {
            let first = doc! { "_id": lease, "node": &me, "term": 1_i64, "until": until };
            let inserted =
                self.shared.commands.insert(LEASES, vec![first]).await?.expect_only(&[code::DUPLICATE_KEY])?;
            return Ok(inserted.errors.is_empty().then_some(1));
        };
        let holder = found.get_str("node").unwrap_or_default();
        let (term, ends) = (integer(&found, "term").unwrap_or(0), integer(&found, "until").unwrap_or(0));
        if holder != me && ends > now {
            return Ok(None);
        }
        let next = if holder == me { term } else { term + 1 };
        let same = doc! { "_id": lease, "node": holder, "term": term, "until": ends };
        let update = doc! { "q": same, "u": { "$set": { "node": &me, "term": next, "until": until } } };
        self.shared.commands.update(LEASES, vec![update]).await?.expect_only(&[])?;
        let found = self.shared.commands.read(async { leases.find_one(doc! { "_id": lease }).await }).await?;
        let is_ours = found.is_some_and(|found| {
            found.get_str("node").is_ok_and(|node| node == me) && integer(&found, "term") == Some(next)
        });
        Ok(is_ours.then_some(next.cast_unsigned()))
    }

    async fn release(&self, lease: &str, node: Uuid) -> Result<(), StoreError> {
        let own = doc! { "_id": lease, "node": node.to_string() };
        let update = doc! { "q": own, "u": { "$set": { "until": 0_i64 } } };
        self.shared.commands.update(LEASES, vec![update]).await?.expect_only(&[])?;
        Ok(())
    }
}
