//! Addresses, mails that wait, keys of programs, secrets of the shop.

use souk_domain::account::role::Permission;
use souk_domain::address::{Address, Recipient};
use souk_domain::id::{AddressId, ApiKeyId, NoteId};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::{NOW, account, commit, later, refused, with_account};
use crate::accounts::{AccountStore, AddressRecord, ApiKeyRecord, Change, Note, NoteKind, Refused};
use crate::contract::fixture::Fixture;

pub(in crate::contract) fn address(number: u128, of: u128) -> AddressRecord {
    let recipient = Recipient {
        name: "Ada ☕".to_owned(),
        line1: "1 \"Main\" St".to_owned(),
        line2: None,
        city: "Town".to_owned(),
        postal_code: "1".to_owned(),
        phone: None,
    };
    AddressRecord {
        id: AddressId::from_uuid(Uuid::from_u128(number)),
        account_id: account(of).id,
        address: Address { recipient: recipient.into(), country: "DE".to_owned(), region: None },
        is_default: false,
        created_at: NOW,
    }
}

fn put(record: AddressRecord) -> Change {
    Change::PutAddress { record: Box::new(record), most: 3 }
}

pub async fn an_address_book_has_one_default_and_an_end<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    with_account(&store, 2).await;
    let default = |number| AddressRecord { is_default: true, ..address(number, 1) };
    commit(&store, [put(default(1)), put(address(2, 1)), put(default(3)), put(address(9, 2))]).await;
    let book = store.addresses(account(1).id).await.expect("addresses");
    assert_eq!(book, [default(3), address(2, 1), address(1, 1)]);
    refused(&store, [put(address(4, 1))], Refused::TooMany).await;
    commit(&store, [put(default(2))]).await;
    // Another's entry is not replaced, whatever the id.
    refused(&store, [put(address(2, 2))], Refused::TooMany).await;
    assert_eq!(store.addresses(account(1).id).await.expect("addresses")[0], default(2));
    let remove = |id: u128, of: u128| Change::RemoveAddress { id: address(id, 1).id, account_id: account(of).id };
    refused(&store, [remove(2, 2)], Refused::Gone).await;
    commit(&store, [remove(2, 1)]).await;
    assert_eq!(store.addresses(account(1).id).await.expect("addresses"), [address(3, 1), address(1, 1)]);
    assert_eq!(store.addresses(account(2).id).await.expect("addresses"), [address(9, 2)]);
    fixture.close(store).await;
}

pub async fn a_mail_waits_until_it_is_taken<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    with_account(&store, 1).await;
    let note = |number: u128, next_at: Timestamp| Note {
        id: NoteId::from_uuid(Uuid::from_u128(number)),
        account_id: account(1).id,
        kind: NoteKind::ALL[number as usize],
        email: "ada@example.com".to_owned(),
        attempts: 0,
        created_at: NOW,
        next_at,
    };
    for number in 0..NoteKind::ALL.len() as u128 {
        commit(&store, [Change::Tell(note(number, later(100 - number as i64)))]).await;
    }
    fixture.close(store).await;
    let store = fixture.open().await;
    let taken = async |now: Timestamp, until: Timestamp, limit: usize| -> Vec<Note> {
        let mut notes = store.take_notes(now, until, limit).await.expect("notes");
        notes.sort_by_key(|note| note.id);
        notes
    };
    assert_eq!(taken(later(93), later(500), 10).await, []);
    assert_eq!(taken(later(96), later(500), 10).await, [note(4, later(500)), note(5, later(500))]);
    assert_eq!(taken(later(96), later(500), 10).await, [], "whoever takes them has them alone");
    let again = Change::TellLater { id: note(4, NOW).id, attempts: 3, next_at: later(96) };
    commit(&store, [again, Change::Told { id: note(5, NOW).id }]).await;
    assert_eq!(taken(later(100), later(600), 1).await, [Note { attempts: 3, ..note(4, later(600)) }]);
    assert_eq!(taken(later(500), later(700), 10).await.len(), 4);
    assert_eq!(taken(later(700), later(800), 10).await.len(), 5);
    // A week after it was asked for nobody waits for it any more.
    const WEEK: i64 = 7 * 24 * 60 * 60 * 1_000;
    let fresh = Note { created_at: later(1), ..note(5, later(900)) };
    commit(&store, [Change::Tell(fresh.clone())]).await;
    store.sweep(later(WEEK)).await.expect("swept");
    assert_eq!(taken(later(900), later(1_000), 10).await.len(), 6, "not before");
    assert!(store.sweep(later(WEEK + 1)).await.expect("swept").rows >= 5);
    assert_eq!(taken(later(1_000), later(1_100), 10).await, [Note { next_at: later(1_100), ..fresh }]);
    fixture.close(store).await;
}

pub async fn keys_of_programs_are_kept_until_they_end<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let key = |number: u8, expires_at: Option<Timestamp>| ApiKeyRecord {
        id: ApiKeyId::from_uuid(Uuid::from_u128(number.into())),
        name: "stock ☕".to_owned(),
        prefix: "souk_abc".to_owned(),
        digest: [number; 32],
        scopes: [Permission::Refunds, Permission::Webhooks].into(),
        created_by: "acct_1".to_owned(),
        created_at: NOW,
        expires_at,
    };
    let insert = |record| Change::InsertApiKey { record, most: 2 };
    commit(&store, [insert(key(1, None)), insert(key(2, Some(later(10))))]).await;
    refused(&store, [insert(key(3, None))], Refused::TooMany).await;
    let valid = async |now| store.security(NOW, now, 10).await.expect("security").api_keys;
    assert_eq!(valid(later(9)).await, [key(1, None), key(2, Some(later(10)))]);
    assert_eq!(valid(later(10)).await, [key(1, None)]);
    commit(&store, [Change::RemoveApiKey { id: key(1, None).id }]).await;
    refused(&store, [Change::RemoveApiKey { id: key(1, None).id }], Refused::Gone).await;
    assert_eq!(valid(later(10)).await, []);
    fixture.close(store).await;
}

pub async fn a_secret_of_the_shop_is_made_once<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let kept = async |store: &F::Store, name: &str, candidate: u8| {
        store.shop_secret(name, [candidate; 32]).await.expect("a secret")
    };
    assert_eq!(kept(&store, "emails", 1).await, [1; 32]);
    assert_eq!(kept(&store, "others", 2).await, [2; 32]);
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(kept(&store, "emails", 3).await, [1; 32]);
    fixture.close(store).await;
}
