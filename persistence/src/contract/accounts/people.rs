//! Accounts, and changes that are written as one.

use futures::future::join_all;
use souk_domain::account::role::{Permission, Role};
use souk_domain::id::{AccountId, CartId};
use uuid::Uuid;

use super::{NOW, account, commit, later, refused, session, with_account};
use crate::accounts::{AccountRecord, AccountStore, Change, Note, NoteKind, Refused, SecondFactor, Secret};
use crate::contract::fixture::Fixture;

fn full() -> AccountRecord {
    AccountRecord {
        version: 2,
        email_confirmed_at: Some(later(5)),
        name: "Grace \u{0} ☕".to_owned(),
        role: Role::Staff,
        permissions: [Permission::Refunds, Permission::Audit].into(),
        password: Secret("pbkdf2_sha256$1$a$b".to_owned()),
        second_factor: Some(SecondFactor {
            secret: Secret("JBSWY3DPEHPK3PXP".to_owned()),
            confirmed_at: Some(later(6)),
            spent_step: u64::from(u32::MAX),
            recovery: vec!["00".repeat(32)],
        }),
        cart_id: Some(CartId::from_uuid(Uuid::from_u128(9))),
        epoch: 3,
        ..account(1)
    }
}

pub async fn accounts_come_back_as_they_were<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let one = with_account(&store, 1).await;
    assert!(store.account(one.id).await.expect("account") == Some(one.clone()));
    commit(&store, [Change::Replace(Box::new(full()))]).await;
    fixture.close(store).await;
    let store = fixture.open().await;
    assert!(store.account(one.id).await.expect("account") == Some(full()));
    assert!(store.account_by_email("ada1@example.com").await.expect("account") == Some(full()));
    assert!(store.account_by_email("ada2@example.com").await.expect("account").is_none());
    assert!(store.account(account(2).id).await.expect("account").is_none());
    fixture.close(store).await;
}

pub async fn an_address_belongs_to_one_account<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let two = with_account(&store, 2).await;
    let email = account(1).email;
    let third = AccountRecord { email: email.clone(), ..account(3) };
    refused(&store, [Change::Insert(Box::new(third))], Refused::EmailTaken).await;
    let moved = AccountRecord { email, version: 2, ..two };
    refused(&store, [Change::Replace(Box::new(moved))], Refused::EmailTaken).await;
    assert!(store.account(account(2).id).await.expect("account") == Some(account(2)));
    fixture.close(store).await;
}

pub async fn of_many_who_register_an_address_one_gets_it<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let tries = join_all((1..=20).map(|number| {
        let record = AccountRecord { email: "ada@example.com".to_owned(), ..account(number) };
        store.commit(vec![Change::Insert(Box::new(record))])
    }));
    let outcomes: Vec<_> = tries.await.into_iter().map(|outcome| outcome.expect("the store answers")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    fixture.close(store).await;
}

pub async fn a_stale_record_replaces_nothing<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let one = with_account(&store, 1).await;
    let named = |version: u64, name: &str| {
        Change::Replace(Box::new(AccountRecord { version, name: name.to_owned(), ..one.clone() }))
    };
    commit(&store, [named(2, "first")]).await;
    refused(&store, [named(2, "second")], Refused::Stale).await;
    refused(&store, [named(4, "third")], Refused::Stale).await;
    assert_eq!(store.account(one.id).await.expect("account").expect("there").name, "first");
    refused(&store, [Change::Replace(Box::new(AccountRecord { version: 2, ..account(7) }))], Refused::Stale).await;
    fixture.close(store).await;
}

pub async fn changes_are_written_together_or_not_at_all<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let note = Note {
        id: souk_domain::id::NoteId::from_uuid(Uuid::from_u128(1)),
        account_id: account(2).id,
        kind: NoteKind::ConfirmEmail,
        email: account(2).email,
        attempts: 0,
        created_at: NOW,
        next_at: NOW,
    };
    let second = || [Change::Insert(Box::new(account(2))), Change::Tell(note.clone())];
    // The last one is refused, so the first two were never made; neighbours in the same transaction were.
    let failing = second().into_iter().chain([Change::Insert(Box::new(account(1)))]).collect();
    let neighbour = Change::OpenSession { session: session(1, 1), token: [1; 32] };
    let (failed, written) = futures::join!(store.commit(failing), store.commit(vec![neighbour]));
    assert_eq!(failed.expect("the store answers"), Err(Refused::EmailTaken));
    assert_eq!(written.expect("the store answers"), Ok(()));
    assert!(store.account(account(2).id).await.expect("account").is_none());
    assert!(store.take_notes(NOW, later(1), 10).await.expect("notes").is_empty());
    assert!(store.token(&[1; 32]).await.expect("token").is_some());
    commit(&store, second()).await;
    assert_eq!(store.take_notes(NOW, later(1), 10).await.expect("notes").len(), 1);
    fixture.close(store).await;
}

pub async fn a_deleted_account_takes_along_what_is_its_own<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, two) = (with_account(&store, 1).await, with_account(&store, 2).await);
    for number in [1, 2] {
        commit(&store, [Change::OpenSession { session: session(number, number), token: [number as u8; 32] }]).await;
    }
    commit(&store, [Change::Delete { id: one.id, at: later(10) }]).await;
    refused(&store, [Change::Delete { id: one.id, at: later(11) }], Refused::Gone).await;
    assert!(store.account(one.id).await.expect("account").is_none());
    assert!(store.token(&[1; 32]).await.expect("token").is_none());
    assert!(store.token(&[2; 32]).await.expect("token").is_some());
    let security = store.security(NOW, later(20), 10).await.expect("security");
    assert!(security.accounts.iter().any(|(id, epoch)| *id == one.id && *epoch > 1_000_000), "no token is taken");
    assert!(security.accounts.iter().all(|(id, _)| *id != two.id));
    commit(&store, [Change::Insert(Box::new(AccountRecord { email: one.email, ..account(3) }))]).await;
    let late = Change::OpenSession { session: session(9, 1), token: [9; 32] };
    refused(&store, [late], Refused::Gone).await;
    fixture.close(store).await;
}

pub async fn accounts_are_found_by_a_part_of_address_or_name<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    for number in 1..=5 {
        with_account(&store, number).await;
    }
    let grace = AccountRecord { email: "grace%_@example.org".to_owned(), name: "Grace".to_owned(), ..account(6) };
    commit(&store, [Change::Insert(Box::new(AccountRecord { role: Role::Admin, ..grace }))]).await;
    let found = async |text: &str, before: Option<u128>, limit: usize| -> Vec<AccountId> {
        let before = before.map(|number| account(number).id);
        store.accounts_like(text, before, limit).await.expect("accounts").into_iter().map(|one| one.id).collect()
    };
    let ids = |numbers: &[u128]| numbers.iter().map(|number| account(*number).id).collect::<Vec<_>>();
    assert_eq!(found("", None, 10).await, ids(&[6, 5, 4, 3, 2, 1]));
    assert_eq!(found("ADA", None, 2).await, ids(&[5, 4]));
    assert_eq!(found("ada", Some(4), 2).await, ids(&[3, 2]));
    assert_eq!(found("ada3@", None, 10).await, ids(&[3]));
    assert_eq!(found("%_@", None, 10).await, ids(&[6]), "a text, not a pattern");
    assert_eq!(found("nobody", None, 10).await, ids(&[]));
    assert_eq!(store.count_admins().await.expect("admins"), 1);
    fixture.close(store).await;
}
