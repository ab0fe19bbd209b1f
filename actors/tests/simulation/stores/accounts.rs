//! The simulated world has no accounts: its people are guests that the edge would have let in.

use async_trait::async_trait;
use souk_domain::account::audit::AuditRecord;
use souk_domain::id::AccountId;
use souk_domain::time::Timestamp;
use souk_persistence::accounts::records::Digest;
use souk_persistence::accounts::store::{AccountStore, AuditHead, Security, Work};
use souk_persistence::accounts::{
    AccountRecord, AddressRecord, Change, GuestRecord, Note, OneTime, Refused, SessionRecord, SigningKeyRecord,
    TokenRecord,
};
use souk_persistence::error::StoreError;

pub struct NoAccounts;

fn none<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("the simulated world has no accounts".to_owned()))
}

#[async_trait]
impl AccountStore for NoAccounts {
    fn engine(&self) -> &'static str {
        "none"
    }

    async fn commit(&self, _changes: Vec<Change>) -> Result<Result<(), Refused>, StoreError> {
        none()
    }

    async fn account(&self, _id: AccountId) -> Result<Option<AccountRecord>, StoreError> {
        none()
    }

    async fn account_by_email(&self, _email: &str) -> Result<Option<AccountRecord>, StoreError> {
        none()
    }

    async fn accounts_like(
        &self,
        _text: &str,
        _before: Option<AccountId>,
        _limit: usize,
    ) -> Result<Vec<AccountRecord>, StoreError> {
        none()
    }

    async fn count_admins(&self) -> Result<u64, StoreError> {
        none()
    }

    async fn token(&self, _digest: &Digest) -> Result<Option<TokenRecord>, StoreError> {
        none()
    }

    async fn sessions(
        &self,
        _account: AccountId,
        _now: Timestamp,
        _limit: usize,
    ) -> Result<Vec<SessionRecord>, StoreError> {
        none()
    }

    async fn one_time(&self, _digest: &Digest) -> Result<Option<OneTime>, StoreError> {
        none()
    }

    async fn addresses(&self, _account: AccountId) -> Result<Vec<AddressRecord>, StoreError> {
        none()
    }

    async fn take_notes(&self, _now: Timestamp, _until: Timestamp, _limit: usize) -> Result<Vec<Note>, StoreError> {
        none()
    }

    async fn security(&self, _since: Timestamp, _now: Timestamp, _limit: usize) -> Result<Security, StoreError> {
        Ok(Security::default())
    }

    async fn audit_before(&self, _before: Option<u64>, _limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        none()
    }

    async fn audit_after(&self, _after: u64, _limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        Ok(vec![])
    }

    async fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        Ok(None)
    }

    async fn sweep(&self, _before: Timestamp) -> Result<Work, StoreError> {
        Ok(Work { rows: 0 })
    }

    async fn shop_secret(&self, _name: &str, _candidate: Digest) -> Result<Digest, StoreError> {
        none()
    }

    async fn insert_guest(&self, _guest: GuestRecord) -> Result<(), StoreError> {
        none()
    }

    async fn guest(&self, _id: &str) -> Result<Option<GuestRecord>, StoreError> {
        none()
    }

    async fn delete_guest(&self, _id: &str) -> Result<bool, StoreError> {
        none()
    }

    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>, StoreError> {
        none()
    }

    async fn insert_signing_key(&self, _key: SigningKeyRecord) -> Result<(), StoreError> {
        none()
    }
}
