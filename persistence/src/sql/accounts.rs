//! Rows of the accounts as they are read, from any SQL database, and the records they become.

use serde::de::DeserializeOwned;
use souk_domain::account::audit::{AuditRecord, Entry};
use souk_domain::time::Timestamp;
use sqlx::FromRow;

use super::records::parse;
use crate::accounts::{
    AccountRecord, AddressRecord, ApiKeyRecord, Note, NoteKind, OneTime, Purpose, Secret, SessionRecord,
    SigningKeyRecord, TokenRecord,
};
use crate::error::StoreError;

pub(crate) fn time(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn json<T: DeserializeOwned>(text: &str, of: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(format!("{of}: {error}")))
}

pub(crate) fn digest(bytes: &[u8], of: &str) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged(format!("{of}: a digest has not 32 bytes")))
}

fn known<T: Copy>(all: &[T], name: fn(T) -> &'static str, text: &str) -> Result<T, StoreError> {
    let found = all.iter().copied().find(|one| name(*one) == text);
    found.ok_or_else(|| StoreError::Damaged(format!("{text:?} is not known")))
}

#[derive(FromRow)]
pub(crate) struct StoredAccount {
    id: String,
    version: i64,
    email: String,
    email_confirmed_at: Option<i64>,
    name: String,
    role: String,
    permissions: String,
    password: String,
    second_factor: Option<String>,
    cart_id: Option<String>,
    epoch: i64,
    created_at: i64,
}

impl StoredAccount {
    pub(crate) fn decode(self) -> Result<AccountRecord, StoreError> {
        let Self {
            id,
            version,
            email,
            email_confirmed_at,
            name,
            role,
            permissions,
            password,
            second_factor,
            cart_id,
            epoch,
            created_at,
        } = self;
        Ok(AccountRecord {
            id: parse(&id)?,
            version: version.cast_unsigned(),
            email,
            email_confirmed_at: email_confirmed_at.map(time),
            name,
            role: role.parse().map_err(StoreError::Damaged)?,
            permissions: json(&permissions, &id)?,
            password: Secret(password),
            second_factor: second_factor.as_deref().map(|text| json(text, &id)).transpose()?,
            cart_id: cart_id.as_deref().map(parse).transpose()?,
            epoch: epoch.cast_unsigned(),
            created_at: time(created_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredSession {
    id: String,
    account_id: String,
    user_agent: String,
    created_at: i64,
    used_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

impl StoredSession {
    pub(crate) fn decode(self) -> Result<SessionRecord, StoreError> {
        let Self { id, account_id, user_agent, created_at, used_at, expires_at, ended_at } = self;
        Ok(SessionRecord {
            id: parse(&id)?,
            account_id: parse(&account_id)?,
            user_agent,
            created_at: time(created_at),
            used_at: time(used_at),
            expires_at: time(expires_at),
            ended_at: ended_at.map(time),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredToken {
    #[sqlx(flatten)]
    session: StoredSession,
    rotated_at: Option<i64>,
}

impl StoredToken {
    pub(crate) fn decode(self) -> Result<TokenRecord, StoreError> {
        let Self { session, rotated_at } = self;
        Ok(TokenRecord { session: session.decode()?, rotated_at: rotated_at.map(time) })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredOneTime {
    digest: Vec<u8>,
    purpose: String,
    account_id: String,
    email: String,
    expires_at: i64,
}

impl StoredOneTime {
    pub(crate) fn decode(self) -> Result<OneTime, StoreError> {
        let Self { digest: bytes, purpose, account_id, email, expires_at } = self;
        Ok(OneTime {
            digest: digest(&bytes, "a link")?,
            purpose: known(&Purpose::ALL, Purpose::as_str, &purpose)?,
            account_id: parse(&account_id)?,
            email,
            expires_at: time(expires_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredNote {
    id: String,
    account_id: String,
    kind: String,
    email: String,
    attempts: i64,
    created_at: i64,
    next_at: i64,
}

impl StoredNote {
    pub(crate) fn decode(self) -> Result<Note, StoreError> {
        let Self { id, account_id, kind, email, attempts, created_at, next_at } = self;
        Ok(Note {
            id: parse(&id)?,
            account_id: parse(&account_id)?,
            kind: known(&NoteKind::ALL, NoteKind::as_str, &kind)?,
            email,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            created_at: time(created_at),
            next_at: time(next_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredAddress {
    id: String,
    account_id: String,
    address: String,
    is_default: bool,
    created_at: i64,
}

impl StoredAddress {
    pub(crate) fn decode(self) -> Result<AddressRecord, StoreError> {
        let Self { id, account_id, address, is_default, created_at } = self;
        Ok(AddressRecord {
            id: parse(&id)?,
            account_id: parse(&account_id)?,
            address: json(&address, &id)?,
            is_default,
            created_at: time(created_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredApiKey {
    id: String,
    name: String,
    prefix: String,
    digest: Vec<u8>,
    scopes: String,
    created_by: String,
    created_at: i64,
    expires_at: Option<i64>,
}

impl StoredApiKey {
    pub(crate) fn decode(self) -> Result<ApiKeyRecord, StoreError> {
        let Self { id, name, prefix, digest: bytes, scopes, created_by, created_at, expires_at } = self;
        Ok(ApiKeyRecord {
            id: parse(&id)?,
            name,
            prefix,
            digest: digest(&bytes, &id)?,
            scopes: json(&scopes, &id)?,
            created_by,
            created_at: time(created_at),
            expires_at: expires_at.map(time),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct StoredSigningKey {
    kid: String,
    secret: Vec<u8>,
    created_at: i64,
    ends_at: Option<i64>,
}

impl From<StoredSigningKey> for SigningKeyRecord {
    fn from(stored: StoredSigningKey) -> Self {
        let StoredSigningKey { kid, secret, created_at, ends_at } = stored;
        Self { kid, secret, created_at: time(created_at), ends_at: ends_at.map(time) }
    }
}

#[derive(FromRow)]
pub(crate) struct StoredAudit {
    seq: i64,
    at: i64,
    action: String,
    actor: Option<String>,
    subject: Option<String>,
    detail: String,
    hash: Vec<u8>,
}

impl StoredAudit {
    pub(crate) fn decode(self) -> Result<AuditRecord, StoreError> {
        let Self { seq, at, action, actor, subject, detail, hash } = self;
        let entry = Entry { at: time(at), action, actor, subject, detail };
        Ok(AuditRecord { seq: seq.cast_unsigned(), entry, hash: digest(&hash, "the audit")? })
    }
}
