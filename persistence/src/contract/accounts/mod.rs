//! The accounts' store.
//!
//! * `guests`: guests and signing keys
//! * `people`: accounts, and changes that are one
//! * `signing_in`: sessions, refresh tokens, links, what was revoked
//! * `belongings`: addresses, mails, keys of programs
//! * `auditing`: the chain

mod auditing;
mod belongings;
mod guests;
mod people;
mod signing_in;

pub use auditing::*;
pub(super) use belongings::address;
pub use belongings::*;
pub use guests::*;
pub use people::*;
pub use signing_in::*;

use souk_domain::account::role::Role;
use souk_domain::id::{AccountId, SessionId};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use crate::accounts::{AccountRecord, AccountStore, Change, Refused, Secret, SessionRecord};

pub(in crate::contract) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);

pub(in crate::contract) fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() + millis)
}

pub(in crate::contract) fn account(number: u128) -> AccountRecord {
    AccountRecord {
        id: AccountId::from_uuid(Uuid::from_u128(number)),
        version: 1,
        email: format!("ada{number}@example.com"),
        email_confirmed_at: None,
        name: format!("Ada \"é\" {number}"),
        role: Role::Customer,
        permissions: [].into(),
        password: Secret("$argon2id$v=19$x".to_owned()),
        second_factor: None,
        cart_id: None,
        epoch: 0,
        created_at: NOW,
    }
}

pub(in crate::contract) fn session(number: u128, of: u128) -> SessionRecord {
    SessionRecord {
        id: SessionId::from_uuid(Uuid::from_u128(number)),
        account_id: account(of).id,
        user_agent: "a browser ☕".to_owned(),
        created_at: NOW,
        used_at: NOW,
        expires_at: later(1_000_000),
        ended_at: None,
    }
}

pub(in crate::contract) async fn commit(store: &impl AccountStore, changes: impl IntoIterator<Item = Change>) {
    let outcome = store.commit(changes.into_iter().collect()).await.expect("the store answers");
    assert_eq!(outcome, Ok(()), "the changes are written");
}

pub(super) async fn refused(store: &impl AccountStore, changes: impl IntoIterator<Item = Change>, why: Refused) {
    let outcome = store.commit(changes.into_iter().collect()).await.expect("the store answers");
    assert_eq!(outcome, Err(why));
}

pub(super) async fn with_account(store: &impl AccountStore, number: u128) -> AccountRecord {
    commit(store, [Change::Insert(Box::new(account(number)))]).await;
    account(number)
}
