//! The port of the accounts' store.

use async_trait::async_trait;
use souk_domain::account::audit::AuditRecord;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;

use super::changes::{self, write_all};
use super::given;
use crate::accounts::records::Digest;
use crate::accounts::store::{AccountStore, AuditHead, Security, Work};
use crate::accounts::{
    AccountRecord, AddressRecord, Change, GuestRecord, Note, OneTime, Refused, SessionRecord, SigningKeyRecord,
    TokenRecord,
};
use crate::error::StoreError;
use crate::postgres::domains::Accounts;
use crate::postgres::journal::rows;
use crate::postgres::store::PostgresStore;
use crate::postgres::text;
use crate::sql::accounts::{StoredAddress, StoredApiKey, StoredNote, StoredSigningKey, digest, time};
use crate::sql::records::parse;

/// What another node is taking is passed over.
const TAKE_NOTES: &str = "
    with due as (
        select id, next_at from notes where next_at <= $1 order by next_at, id limit $3 for update skip locked
    ),
    taken as (
        update notes set next_at = $2 from due where notes.id = due.id
        returning notes.id, account_id, kind, email, attempts, created_at, notes.next_at, due.next_at as since
    )
    select * from taken order by since, id";

/// $1: before when what ended is forgotten. 30 days after it was exchanged, a token that comes again is taken for none.
const SWEEP: &str = "
    with ended as (delete from sessions where ended_at < $1 or expires_at < $1 returning 1),
    exchanged as (delete from refresh_tokens where rotated_at < $1 - 2592000000 returning 1),
    links as (delete from one_time_secrets where expires_at < $1 returning 1),
    unsent as (delete from notes where created_at < $1 - 604800000 returning 1),
    revoked as (delete from revocations where at < $1 returning 1),
    retired as (delete from signing_keys where ends_at < $1 returning 1)
    select (select count(*) from ended) + (select count(*) from exchanged) + (select count(*) from links)
         + (select count(*) from unsent) + (select count(*) from revoked) + (select count(*) from retired)";

#[async_trait]
impl AccountStore for PostgresStore<Accounts> {
    fn engine(&self) -> &'static str {
        "postgres"
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Result<(), Refused>, StoreError> {
        let written = self.database.transaction(move |connection| {
            Box::pin(async move {
                let written = write_all(connection, &changes).await;
                // Another node took the address since we looked: nothing of the transaction is there any more.
                written.or_else(
                    |error| if changes::email_is_taken(&error) { Ok(Err(Refused::EmailTaken)) } else { Err(error) },
                )
            })
        });
        written.await
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as("select * from accounts where id = $1").bind(id.to_string());
        self.database.optional(query).await?.map(given::account).transpose()
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as("select * from accounts where email = $1").bind(text::kept(email));
        self.database.optional(query).await?.map(given::account).transpose()
    }

    async fn accounts_like(
        &self,
        text: &str,
        before: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<AccountRecord>, StoreError> {
        // In the collation "C" lower() is for ASCII letters alone.
        let query = sqlx::query_as(
            r#"select * from accounts
               where ($2::text is null or id < $2)
                 and (position(lower($1 collate "C") in email) > 0
                      or position(lower($1 collate "C") in lower(name collate "C")) > 0)
               order by id desc limit $3"#,
        );
        let query = query.bind(text::kept(text)).bind(before.map(|id| id.to_string())).bind(rows(limit));
        self.database.all(query).await?.into_iter().map(given::account).collect()
    }

    async fn count_admins(&self) -> Result<u64, StoreError> {
        let query = sqlx::query_as("select count(*) from accounts where role = 'admin'");
        let row: Option<(i64,)> = self.database.optional(query).await?;
        Ok(row.map_or(0, |(count,)| count.cast_unsigned()))
    }

    async fn token(&self, token: &Digest) -> Result<Option<TokenRecord>, StoreError> {
        let query = sqlx::query_as(
            "select sessions.*, rotated_at from refresh_tokens join sessions on sessions.id = session_id
             where digest = $1",
        );
        self.database.optional(query.bind(&token[..])).await?.map(given::token).transpose()
    }

    async fn sessions(
        &self,
        account: AccountId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let query = sqlx::query_as(
            "select * from sessions where account_id = $1 and ended_at is null and expires_at > $2
             order by id desc limit $3",
        );
        let query = query.bind(account.to_string()).bind(now.as_millis()).bind(rows(limit));
        self.database.all(query).await?.into_iter().map(given::session).collect()
    }

    async fn one_time(&self, secret: &Digest) -> Result<Option<OneTime>, StoreError> {
        let query = sqlx::query_as("select * from one_time_secrets where digest = $1").bind(&secret[..]);
        self.database.optional(query).await?.map(given::one_time).transpose()
    }

    async fn addresses(&self, account: AccountId) -> Result<Vec<AddressRecord>, StoreError> {
        let query = sqlx::query_as("select * from addresses where account_id = $1 order by is_default desc, id desc");
        let rows: Vec<StoredAddress> = self.database.all(query.bind(account.to_string())).await?;
        rows.into_iter().map(StoredAddress::decode).collect()
    }

    async fn take_notes(&self, now: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<Note>, StoreError> {
        let query = sqlx::query_as(TAKE_NOTES).bind(now.as_millis()).bind(until.as_millis()).bind(rows(limit));
        let rows: Vec<StoredNote> = self.database.returning(query).await?;
        rows.into_iter().map(given::note).collect()
    }

    async fn security(&self, since: Timestamp, now: Timestamp, limit: usize) -> Result<Security, StoreError> {
        let query = sqlx::query_as("select id from sessions where ended_at > $1 limit $2");
        let sessions: Vec<(String,)> = self.database.all(query.bind(since.as_millis()).bind(rows(limit))).await?;
        let query = sqlx::query_as("select account_id, epoch from revocations where at > $1 limit $2");
        let accounts: Vec<(String, i64)> = self.database.all(query.bind(since.as_millis()).bind(rows(limit))).await?;
        let query = sqlx::query_as("select * from api_keys where expires_at is null or expires_at > $1 order by id");
        let api_keys: Vec<StoredApiKey> = self.database.all(query.bind(now.as_millis())).await?;
        let query = sqlx::query_as(
            "select * from signing_keys where ends_at is null or ends_at > $1 order by created_at desc, kid desc",
        );
        let signing_keys: Vec<StoredSigningKey> = self.database.all(query.bind(now.as_millis())).await?;
        let revoked =
            |(id, epoch): &(String, i64)| -> Result<_, StoreError> { Ok((parse(id)?, epoch.cast_unsigned())) };
        Ok(Security {
            sessions: sessions.iter().map(|(id,)| parse::<SessionId>(id)).collect::<Result<_, _>>()?,
            accounts: accounts.iter().map(revoked).collect::<Result<_, _>>()?,
            api_keys: api_keys.into_iter().map(given::api_key).collect::<Result<_, _>>()?,
            signing_keys: signing_keys.into_iter().map(Into::into).collect(),
        })
    }

    async fn audit_before(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let query = sqlx::query_as("select * from audit where seq < $1 order by seq desc limit $2");
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        self.database.all(query.bind(before).bind(rows(limit))).await?.into_iter().map(given::audit).collect()
    }

    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let query = sqlx::query_as("select * from audit where seq > $1 order by seq limit $2");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.database.all(query.bind(after).bind(rows(limit))).await?.into_iter().map(given::audit).collect()
    }

    async fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        let query = sqlx::query_as("select seq, hash from audit_head");
        let row: Option<(i64, Vec<u8>)> = self.database.optional(query).await?;
        let head = |(seq, hash): (i64, Vec<u8>)| {
            Ok(AuditHead { seq: seq.cast_unsigned(), hash: digest(&hash, "the audit's head")? })
        };
        row.map(head).transpose()
    }

    async fn sweep(&self, before: Timestamp) -> Result<Work, StoreError> {
        let gone: Vec<(i64,)> = self.database.returning(sqlx::query_as(SWEEP).bind(before.as_millis())).await?;
        Ok(Work { rows: gone.first().map_or(0, |(rows,)| rows.cast_unsigned()) })
    }

    async fn shop_secret(&self, name: &str, candidate: Digest) -> Result<Digest, StoreError> {
        // An update that changes nothing, so that the row comes back whoever made it.
        let query = sqlx::query_as(
            "insert into shop_secrets (name, secret) values ($1, $2)
             on conflict (name) do update set name = excluded.name returning secret",
        );
        let kept: Vec<(Vec<u8>,)> = self.database.returning(query.bind(text::kept(name)).bind(&candidate[..])).await?;
        let secret = kept.first().ok_or_else(|| StoreError::Damaged(format!("the secret {name} did not come back")))?;
        digest(&secret.0, "a secret of the shop")
    }

    async fn insert_guest(&self, guest: GuestRecord) -> Result<(), StoreError> {
        let GuestRecord { id, name, created_at } = guest;
        // The same id is the same guest, written again after an unknown outcome.
        let query =
            sqlx::query("insert into guests (id, name, created_at) values ($1, $2, $3) on conflict (id) do nothing")
                .bind(text::kept(&id))
                .bind(text::kept(&name))
                .bind(created_at.as_millis());
        self.database.execute(query).await.map(|_| ())
    }

    async fn guest(&self, id: &str) -> Result<Option<GuestRecord>, StoreError> {
        let query = sqlx::query_as("select name, created_at from guests where id = $1").bind(text::kept(id));
        let row: Option<(String, i64)> = self.database.optional(query).await?;
        let record = |(name, at)| GuestRecord { id: id.to_owned(), name: text::given(name), created_at: time(at) };
        Ok(row.map(record))
    }

    async fn delete_guest(&self, id: &str) -> Result<bool, StoreError> {
        let query = sqlx::query("delete from guests where id = $1").bind(text::kept(id));
        Ok(self.database.execute(query).await? > 0)
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let query = sqlx::query_as("select * from signing_keys order by created_at desc, kid desc");
        let rows: Vec<StoredSigningKey> = self.database.all(query).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError> {
        let SigningKeyRecord { kid, secret, created_at, ends_at } = key;
        let query = sqlx::query(
            "insert into signing_keys (kid, secret, created_at, ends_at) values ($1, $2, $3, $4)
             on conflict (kid) do nothing",
        )
        .bind(kid)
        .bind(secret)
        .bind(created_at.as_millis())
        .bind(ends_at.map(|at| at.as_millis()));
        self.database.execute(query).await.map(|_| ())
    }
}
