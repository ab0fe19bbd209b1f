//! What is written about accounts. Changes that belong together are one transaction: a password, the sessions it
//! ends, the mail that tells of it and the audit are there together or not at all.

use souk_domain::account::audit::Entry;
use souk_domain::id::{AccountId, AddressId, ApiKeyId, NoteId, SessionId};
use souk_domain::time::Timestamp;

use super::records::{
    AccountRecord, AddressRecord, ApiKeyRecord, Digest, Note, OneTime, SessionRecord, SigningKeyRecord,
};

#[derive(Clone)]
pub enum Change {
    /// A new account; refused with [`Refused::EmailTaken`].
    Insert(Box<AccountRecord>),
    /// Takes the place of the record with the version before; refused with [`Refused::Stale`] or
    /// [`Refused::EmailTaken`].
    Replace(Box<AccountRecord>),
    /// The account with all that is its own: sessions, links, mails that wait, addresses. Its tokens are not taken
    /// any more. Refused with [`Refused::Gone`].
    Delete {
        id: AccountId,
        at: Timestamp,
    },
    /// Access tokens of the account from before this epoch are not taken any more.
    Revoke {
        id: AccountId,
        epoch: u64,
        at: Timestamp,
    },
    /// A session with its first refresh token.
    OpenSession {
        session: SessionRecord,
        token: Digest,
    },
    /// Refused with [`Refused::Spent`] when `from` was exchanged already or its session has ended.
    Rotate {
        from: Digest,
        to: Digest,
        at: Timestamp,
        expires_at: Timestamp,
    },
    /// Refused with [`Refused::Gone`] where there is none of that account that goes on.
    EndSession {
        id: SessionId,
        account_id: AccountId,
        at: Timestamp,
    },
    /// All sessions of an account but one.
    EndSessions {
        account_id: AccountId,
        except: Option<SessionId>,
        at: Timestamp,
    },
    Issue(OneTime),
    /// Refused with [`Refused::Spent`].
    Spend {
        digest: Digest,
    },
    /// Every link of the account is spent.
    SpendAll {
        account_id: AccountId,
    },
    Tell(Note),
    /// The mail was taken, or is given up.
    Told {
        id: NoteId,
    },
    /// It was not: when it is tried again.
    TellLater {
        id: NoteId,
        attempts: u32,
        next_at: Timestamp,
    },
    /// Adds or replaces an address; the default one takes that from the others. Refused with [`Refused::TooMany`]
    /// when the account has `most` others.
    PutAddress {
        record: Box<AddressRecord>,
        most: usize,
    },
    /// Refused with [`Refused::Gone`].
    RemoveAddress {
        id: AddressId,
        account_id: AccountId,
    },
    /// Refused with [`Refused::TooMany`] when there are `most` others.
    InsertApiKey {
        record: ApiKeyRecord,
        most: usize,
    },
    /// Refused with [`Refused::Gone`].
    RemoveApiKey {
        id: ApiKeyId,
    },
    /// A new key signs; those that are not retired yet verify until `others_until`.
    RotateSigningKey {
        key: SigningKeyRecord,
        others_until: Timestamp,
    },
    /// Adds to the audit's chain.
    Record(Entry),
}

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    EmailTaken,
    /// Somebody else changed the record meanwhile: read it again.
    Stale,
    /// There is no such thing.
    Gone,
    /// The secret was used, or is none.
    Spent,
    TooMany,
}
