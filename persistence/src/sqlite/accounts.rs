//! Guests and signing keys: plain records.

use async_trait::async_trait;
use souk_domain::time::Timestamp;

use super::domains::Accounts;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::stores::{AccountStore, GuestRecord, SigningKeyRecord};

#[async_trait]
impl AccountStore for SqliteStore<Accounts> {
    async fn insert_guest(&self, guest: GuestRecord) -> Result<(), StoreError> {
        let write = self.database.write(move |connection| {
            let GuestRecord { id, name, created_at } = guest.clone();
            // The same id is the same guest, written again after an unknown outcome.
            let query = sqlx::query(
                "insert into guests (id, name, created_at) values (?1, ?2, ?3) on conflict (id) do nothing",
            )
            .bind(id)
            .bind(name)
            .bind(created_at.as_millis());
            Box::pin(async move { query.execute(connection).await.map(|_| ()) })
        });
        write.await
    }

    async fn guest(&self, id: &str) -> Result<Option<GuestRecord>, StoreError> {
        let query = sqlx::query_as("select id, name, created_at from guests where id = ?1").bind(id);
        let row: Option<(String, String, i64)> = self.database.optional(query).await?;
        Ok(row.map(|(id, name, at)| GuestRecord { id, name, created_at: Timestamp::from_millis(at) }))
    }

    async fn delete_guest(&self, id: &str) -> Result<bool, StoreError> {
        let id = id.to_owned();
        let write = self.database.write(move |connection| {
            let query = sqlx::query("delete from guests where id = ?1").bind(id.clone());
            Box::pin(async move { query.execute(connection).await.map(|done| done.rows_affected() > 0) })
        });
        write.await
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let query =
            sqlx::query_as("select kid, secret, created_at from signing_keys order by created_at desc, kid desc");
        let rows: Vec<(String, Vec<u8>, i64)> = self.database.all(query).await?;
        let record = |(kid, secret, at)| SigningKeyRecord { kid, secret, created_at: Timestamp::from_millis(at) };
        Ok(rows.into_iter().map(record).collect())
    }

    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError> {
        let write = self.database.write(move |connection| {
            let SigningKeyRecord { kid, secret, created_at } = key.clone();
            let query = sqlx::query(
                "insert into signing_keys (kid, secret, created_at) values (?1, ?2, ?3) on conflict (kid) do nothing",
            )
            .bind(kid)
            .bind(secret)
            .bind(created_at.as_millis());
            Box::pin(async move { query.execute(connection).await.map(|_| ()) })
        });
        write.await
    }
}
