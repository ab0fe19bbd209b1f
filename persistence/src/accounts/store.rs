//! The port.

use async_trait::async_trait;
use souk_domain::account::audit::AuditRecord;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;

use super::change::{Change, Refused};
use super::records::{
    AccountRecord, AddressRecord, ApiKeyRecord, Digest, GuestRecord, Note, OneTime, SessionRecord, SigningKeyRecord,
    TokenRecord,
};
use crate::error::StoreError;

/// What every request is checked against; each node reads it again every second.
#[derive(Clone, Default)]
pub struct Security {
    /// Sessions that were ended.
    pub sessions: Vec<SessionId>,
    /// Accounts whose tokens from before an epoch are not taken any more.
    pub accounts: Vec<(AccountId, u64)>,
    pub api_keys: Vec<ApiKeyRecord>,
    /// Newest first.
    pub signing_keys: Vec<SigningKeyRecord>,
}

/// What was cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    pub rows: u64,
}

/// Where the audit's chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    pub seq: u64,
    pub hash: [u8; 32],
}

/// Everything about accounts. Writes are [`Change`]s; the rest looks.
#[async_trait]
pub trait AccountStore: Send + Sync + 'static {
    /// What keeps it, by the name that the status board shows.
    fn engine(&self) -> &'static str;

    /// Writes all changes in order, as one, or none of them. An `Err` says that it is not known which.
    async fn commit(&self, changes: Vec<Change>) -> Result<Result<(), Refused>, StoreError>;

    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>, StoreError>;
    async fn account_by_email(&self, email: &str) -> Result<Option<AccountRecord>, StoreError>;
    /// Accounts whose address or name contains the text (all for an empty one), without regard to case of ASCII
    /// letters, newest first: those before `before`, by id, up to `limit`.
    async fn accounts_like(
        &self,
        text: &str,
        before: Option<AccountId>,
        limit: usize,
    ) -> Result<Vec<AccountRecord>, StoreError>;
    /// How many accounts are admins.
    async fn count_admins(&self) -> Result<u64, StoreError>;

    /// A refresh token with its session.
    async fn token(&self, digest: &Digest) -> Result<Option<TokenRecord>, StoreError>;
    /// The sessions of an account that go on, newest first, up to `limit`.
    async fn sessions(
        &self,
        account: AccountId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionRecord>, StoreError>;
    /// A link that is not spent; whether it has expired is for the caller to see.
    async fn one_time(&self, digest: &Digest) -> Result<Option<OneTime>, StoreError>;
    /// The default one first, then the newest.
    async fn addresses(&self, account: AccountId) -> Result<Vec<AddressRecord>, StoreError>;

    /// Mails that are due, up to `limit`, the longest due first. Whoever gets them has them alone until `until`.
    async fn take_notes(&self, now: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<Note>, StoreError>;

    /// What was revoked after `since`, up to `limit` of each kind, and the keys that are valid `now`.
    async fn security(&self, since: Timestamp, now: Timestamp, limit: usize) -> Result<Security, StoreError>;

    /// Newest first, below `before`, up to `limit`.
    async fn audit_before(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>, StoreError>;
    /// Oldest first, above `after`, up to `limit`.
    async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError>;
    /// None: nothing was recorded yet.
    async fn audit_head(&self) -> Result<Option<AuditHead>, StoreError>;

    /// Clears away what is over: sessions that ended or expired before `before` with their tokens, links that expired
    /// and revocations and retired keys from before it, and mails that were asked for a week before it.
    async fn sweep(&self, before: Timestamp) -> Result<Work, StoreError>;

    /// A secret of the shop by its name: what is kept, or `candidate` from now on.
    async fn shop_secret(&self, name: &str, candidate: Digest) -> Result<Digest, StoreError>;

    async fn insert_guest(&self, guest: GuestRecord) -> Result<(), StoreError>;
    async fn guest(&self, id: &str) -> Result<Option<GuestRecord>, StoreError>;
    /// Forgets a guest altogether; whether there was one.
    async fn delete_guest(&self, id: &str) -> Result<bool, StoreError>;
    /// Newest first, retired ones too.
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError>;
    async fn insert_signing_key(&self, key: SigningKeyRecord) -> Result<(), StoreError>;
}
