//! The port of the accounts' store.

use std::sync::Arc;

use async_trait::async_trait;
use souk_domain::account::audit::AuditRecord;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;

use super::changes::write_all;
use crate::accounts::records::Digest;
use crate::accounts::store::{AccountStore, AuditHead, Security, Work};
use crate::accounts::{
    AccountRecord, AddressRecord, Change, GuestRecord, Note, OneTime, Refused, SessionRecord, SigningKeyRecord,
    TokenRecord,
};
use crate::error::StoreError;
use crate::sql::accounts::{
    StoredAccount, StoredAddress, StoredApiKey, StoredAudit, StoredNote, StoredOneTime, StoredSession,
    StoredSigningKey, StoredToken, digest, time,
};
use crate::sql::records::parse;
use crate::sqlite::domains::Accounts;
use crate::sqlite::store::SqliteStore;

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[async_trait]
impl AccountStore for SqliteStore<Accounts> {
    fn engine(&self) -> &'static str {
        "sqlite"
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Result<(), Refused>, StoreError> {
        let changes = Arc::new(changes);
        let write = self.database.write(move |connection| {
            let changes = Arc::clone(&changes);
            Box::pin(async move { write_all(connection, &changes).await })
        });
        write.await
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as("select * from accounts where id = ?1").bind(id.to_string());
        let row: Option<StoredAccount> = self.database.optional(query).await?;
        row.map(StoredAccount::decode).transpose()
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<AccountRecord>, StoreError> {
        let query = sqlx::query_as("select * from accounts where email = ?1").bind(email.to_owned());
        let row: Option<StoredAccount> = self.database.optional(query).await?;
        row.map(StoredAccount::decode).transpose()
    }

    async fn accounts_like(
        &self,
        text: &str,
        before: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<AccountRecord>, StoreError> {
        let query = sqlx::query_as(
            "select * from accounts
             where (?2 is null or id < ?2) and (instr(email, lower(?1)) > 0 or instr(lower(name), lower(?1)) > 0)
             order by id desc limit ?3",
        );
        let query = query.bind(text.to_owned()).bind(before.map(|id| id.to_string())).bind(bound(limit));
        let rows: Vec<StoredAccount> = self.database.all(query).await?;
        rows.into_iter().map(StoredAccount::decode).collect()
    }

    async fn count_admins(&self) -> Result<u64, StoreError> {
        let query = sqlx::query_as("select count(*) from accounts where role = 'admin'");
        let row: Option<(i64,)> = self.database.optional(query).await?;
        Ok(row.map_or(0, |(count,)| count.cast_unsigned()))
    }

    async fn token(&self, token: &Digest) -> Result<Option<TokenRecord>, StoreError> {
        let query = sqlx::query_as(
            "select sessions.*, rotated_at from refresh_tokens join sessions on sessions.id = session_id
             where digest = ?1",
        );
        let row: Option<StoredToken> = self.database.optional(query.bind(token.to_vec())).await?;
        row.map(StoredToken::decode).transpose()
    }

    async fn sessions(
        &self,
        account: AccountId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        let query = sqlx::query_as(
            "select * from sessions where account_id = ?1 and ended_at is null and expires_at > ?2
             order by id desc limit ?3",
        );
        let query = query.bind(account.to_string()).bind(now.as_millis()).bind(bound(limit));
        let rows: Vec<StoredSession> = self.database.all(query).await?;
        rows.into_iter().map(StoredSession::decode).collect()
    }

    async fn one_time(&self, secret: &Digest) -> Result<Option<OneTime>, StoreError> {
        let query = sqlx::query_as("select * from one_time_secrets where digest = ?1").bind(secret.to_vec());
        let row: Option<StoredOneTime> = self.database.optional(query).await?;
        row.map(StoredOneTime::decode).transpose()
    }

    async fn addresses(&self, account: AccountId) -> Result<Vec<AddressRecord>, StoreError> {
        let query = sqlx::query_as("select * from addresses where account_id = ?1 order by is_default desc, id desc");
        let rows: Vec<StoredAddress> = self.database.all(query.bind(account.to_string())).await?;
        rows.into_iter().map(StoredAddress::decode).collect()
    }

    async fn take_notes(&self, now: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<Note>, StoreError> {
        let limit = bound(limit);
        let write = self.database.write(move |connection| {
            let query = sqlx::query_as(
                "update notes set next_at = ?2
                 where id in (select id from notes where next_at <= ?1 order by next_at, id limit ?3) returning *",
            );
            let query = query.bind(now.as_millis()).bind(until.as_millis()).bind(limit);
            Box::pin(async move { query.fetch_all(connection).await })
        });
        let rows: Vec<StoredNote> = write.await?;
        rows.into_iter().map(StoredNote::decode).collect()
    }

    async fn security(&self, since: Timestamp, now: Timestamp, limit: usize) -> Result<Security, StoreError> {
        let query = sqlx::query_as("select id from sessions where ended_at > ?1 limit ?2");
        let sessions: Vec<(String,)> = self.database.all(query.bind(since.as_millis()).bind(bound(limit))).await?;
        let query = sqlx::query_as("select account_id, epoch from revocations where at > ?1 limit ?2");
        let accounts: Vec<(String, i64)> = self.database.all(query.bind(since.as_millis()).bind(bound(limit))).await?;
        let query = sqlx::query_as("select * from api_keys where expires_at is null or expires_at > ?1 order by id");
        let api_keys: Vec<StoredApiKey> = self.database.all(query.bind(now.as_millis())).await?;
        let query = sqlx::query_as(
            "select * from signing_keys where ends_at is null or ends_at > ?1 order by created_at desc, kid desc",
        );
        let signing_keys: Vec<StoredSigningKey> = self.database.all(query.bind(now.as_millis())).await?;
        Ok(Security {
            sessions: sessions.iter().map(|(id,)| parse::<SessionId>(id)).collect::<Result<_, _>>()?,
            accounts: accounts
                .iter()
                .map(|(id, epoch)| Ok((parse(id)?, epoch.cast_unsigned())))
                .collect::<Result<_, StoreError>>()?,
            api_keys: api_keys.into_iter().map(StoredApiKey::decode).collect::<Result<_, _>>()?,
            signing_keys: signing_keys.into_iter().map(Into::into).collect(),
        })
    }

    async fn audit_before(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let query = sqlx::query_as("select * from audit where seq < ?1 order by seq desc limit ?2");
        let before = before.and_then(|seq| i64::try_from(seq).ok()).unwrap_or(i64::MAX);
        let rows: Vec<StoredAudit> = self.database.all(query.bind(before).bind(bound(limit))).await?;
        rows.into_iter().map(StoredAudit::decode).collect()
    }

    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let query = sqlx::query_as("select * from audit where seq > ?1 order by seq limit ?2");
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let rows: Vec<StoredAudit> = self.database.all(query.bind(after).bind(bound(limit))).await?;
        rows.into_iter().map(StoredAudit::decode).collect()
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
        let write = self.database.write(move |connection| {
            Box::pin(async move {
                let mut rows = 0;
                for statement in SWEEP {
                    let done = sqlx::query(statement).bind(before.as_millis()).execute(&mut *connection).await?;
                    rows += done.rows_affected();
                }
                Ok(Work { rows })
            })
        });
        write.await
    }

    async fn shop_secret(&self, name: &str, candidate: Digest) -> Result<Digest, StoreError> {
        let kept = sqlx::query_as("select secret from shop_secrets where name = ?1").bind(name.to_owned());
        let kept: Option<(Vec<u8>,)> = self.database.optional(kept).await?;
        if let Some((secret,)) = kept {
            return digest(&secret, "a secret of the shop");
        }
        let name = name.to_owned();
        let write = self.database.write(move |connection| {
            let query = sqlx::query_scalar(
                "insert into shop_secrets (name, secret) values (?1, ?2)
                 on conflict (name) do update set name = excluded.name returning secret",
            );
            let query = query.bind(name.clone()).bind(candidate.to_vec());
            Box::pin(async move { query.fetch_one(connection).await })
        });
        let secret: Vec<u8> = write.await?;
        digest(&secret, "a secret of the shop")
    }

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
        let query = sqlx::query_as("select id, name, created_at from guests where id = ?1").bind(id.to_owned());
        let row: Option<(String, String, i64)> = self.database.optional(query).await?;
        Ok(row.map(|(id, name, created_at)| GuestRecord { id, name, created_at: time(created_at) }))
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
        let query = sqlx::query_as("select * from signing_keys order by created_at desc, kid desc");
        let rows: Vec<StoredSigningKey> = self.database.all(query).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError> {
        let write = self.database.write(move |connection| {
            let SigningKeyRecord { kid, secret, created_at, ends_at } = key.clone();
            let query = sqlx::query(
                "insert into signing_keys (kid, secret, created_at, ends_at) values (?1, ?2, ?3, ?4)
                 on conflict (kid) do nothing",
            )
            .bind(kid)
            .bind(secret)
            .bind(created_at.as_millis())
            .bind(ends_at.map(|at| at.as_millis()));
            Box::pin(async move { query.execute(connection).await.map(|_| ()) })
        });
        write.await
    }
}

/// ?1: before when what ended is forgotten.
const SWEEP: [&str; 7] = [
    "delete from sessions where ended_at < ?1",
    "delete from sessions where expires_at < ?1",
    // 30 days after it was exchanged, a token that comes again is taken for none.
    "delete from refresh_tokens where rotated_at < ?1 - 2592000000",
    "delete from one_time_secrets where expires_at < ?1",
    // A week after it was asked for, nobody waits for a mail any more.
    "delete from notes where created_at < ?1 - 604800000",
    "delete from revocations where at < ?1",
    "delete from signing_keys where ends_at < ?1",
];
