//! Records as they were given: their free text is kept escaped (see [`text`]).

use souk_domain::account::audit::{AuditRecord, Entry};

use crate::accounts::{AccountRecord, ApiKeyRecord, Note, OneTime, SessionRecord, TokenRecord};
use crate::error::StoreError;
use crate::postgres::text;
use crate::sql::accounts::{
    StoredAccount, StoredApiKey, StoredAudit, StoredNote, StoredOneTime, StoredSession, StoredToken,
};

pub(super) fn account(row: StoredAccount) -> Result<AccountRecord, StoreError> {
    let record = row.decode()?;
    Ok(AccountRecord { email: text::given(record.email), name: text::given(record.name), ..record })
}

pub(super) fn session(row: StoredSession) -> Result<SessionRecord, StoreError> {
    row.decode().map(of_session)
}

fn of_session(record: SessionRecord) -> SessionRecord {
    SessionRecord { user_agent: text::given(record.user_agent), ..record }
}

pub(super) fn token(row: StoredToken) -> Result<TokenRecord, StoreError> {
    let TokenRecord { session, rotated_at } = row.decode()?;
    Ok(TokenRecord { session: of_session(session), rotated_at })
}

pub(super) fn one_time(row: StoredOneTime) -> Result<OneTime, StoreError> {
    let record = row.decode()?;
    Ok(OneTime { email: text::given(record.email), ..record })
}

pub(super) fn note(row: StoredNote) -> Result<Note, StoreError> {
    let record = row.decode()?;
    Ok(Note { email: text::given(record.email), ..record })
}

pub(super) fn api_key(row: StoredApiKey) -> Result<ApiKeyRecord, StoreError> {
    let record = row.decode()?;
    Ok(ApiKeyRecord { name: text::given(record.name), created_by: text::given(record.created_by), ..record })
}

pub(super) fn audit(row: StoredAudit) -> Result<AuditRecord, StoreError> {
    let AuditRecord { seq, entry: Entry { at, action, actor, subject, detail }, hash } = row.decode()?;
    let (action, detail) = (text::given(action), text::given(detail));
    let (actor, subject) = (actor.map(text::given), subject.map(text::given));
    Ok(AuditRecord { seq, entry: Entry { at, action, actor, subject, detail }, hash })
}
