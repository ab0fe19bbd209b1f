//! The keys of persons: read when something sealed is met, deleted when the person is erased. A deleted row's bytes are
//! in the server's files until its next vacuum, and in its archived log for as long as that is kept.

use async_trait::async_trait;
use uuid::Uuid;

use super::domains::{Domain, Orders};
use super::store::PostgresStore;
use super::text;
use crate::error::StoreError;
use crate::sealing::{KeySource, Keyring, PersonKey};
use crate::stores::PersonalData;

/// The keys of a person, and what else is kept of them.
const ERASE: &str = "
    with keys as (delete from person_keys where person = $1 returning 1),
    digests as (
        update order_rows set email_digest = null
        where id in (
            select id from order_rows where owner = $1 and email_digest is not null
            union all
            select id from order_rows where cart_id = $1 and email_digest is not null)
    )
    select count(*) from keys";

#[async_trait]
impl<D: Domain> KeySource for PostgresStore<D> {
    fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    async fn person_keys(&self, ids: &[Uuid]) -> Result<Vec<PersonKey>, StoreError> {
        let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
        let query =
            sqlx::query_as("select uuid_send(id), person, secret from person_keys where id = any($1::text[]::uuid[])");
        let rows: Vec<(Vec<u8>, String, Vec<u8>)> = self.database.all(query.bind(ids)).await?;
        rows.into_iter().map(|(id, person, secret)| PersonKey::stored(&id, person, &secret)).collect()
    }
}

#[async_trait]
impl PersonalData for PostgresStore<Orders> {
    async fn erase_person(&self, person: &str) -> Result<u64, StoreError> {
        let deleted: Vec<(i64,)> = self.database.returning(sqlx::query_as(ERASE).bind(text::kept(person))).await?;
        self.keyring.forget(person);
        Ok(deleted.first().map_or(0, |(keys,)| keys.cast_unsigned()))
    }

    fn forget_person(&self, person: &str) {
        self.keyring.forget(person);
    }
}
