//! Guests and signing keys.

use souk_domain::time::Timestamp;

use crate::accounts::{AccountStore, Change, GuestRecord, SigningKeyRecord};
use crate::contract::fixture::Fixture;

pub async fn guests_are_kept<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let guest = |id: &str, name: &str| GuestRecord {
        id: id.to_owned(),
        name: name.to_owned(),
        created_at: Timestamp::from_millis(1_700_000_000_123),
    };
    store.insert_guest(guest("guest_1", "Ada \"é\" \0")).await.expect("guest");
    store.insert_guest(guest("guest_2", "")).await.expect("guest");
    store.insert_guest(guest("guest_2", "")).await.expect("the same guest again");
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(store.guest("guest_1").await.expect("guest"), Some(guest("guest_1", "Ada \"é\" \0")));
    assert_eq!(store.guest("guest_2").await.expect("guest"), Some(guest("guest_2", "")));
    assert_eq!(store.guest("guest_3").await.expect("guest"), None);
    fixture.close(store).await;
}

pub async fn the_newest_signing_key_comes_first<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let key = |kid: &str, at: i64| SigningKeyRecord {
        kid: kid.to_owned(),
        secret: (0..32).map(|byte| byte ^ at.to_le_bytes()[0]).collect(),
        created_at: Timestamp::from_millis(at),
        ends_at: None,
    };
    let kids = async |store: &F::Store| -> Vec<String> {
        store.signing_keys().await.expect("keys").into_iter().map(|key| key.kid).collect()
    };
    assert!(kids(&store).await.is_empty());
    for (kid, at) in [("b", 200), ("c", 300), ("a", 100)] {
        store.insert_signing_key(key(kid, at)).await.expect("key");
    }
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(kids(&store).await, ["c", "b", "a"]);
    assert!(store.signing_keys().await.expect("keys")[2] == key("a", 100), "the secret is what it was");
    fixture.close(store).await;
}

pub async fn a_deleted_guest_is_gone<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let guest = |id: &str| GuestRecord { id: id.to_owned(), name: "Ada".to_owned(), created_at: Timestamp::default() };
    store.insert_guest(guest("guest_1")).await.expect("inserted");
    store.insert_guest(guest("guest_2")).await.expect("inserted");
    assert!(store.delete_guest("guest_1").await.expect("deleted"));
    assert!(!store.delete_guest("guest_1").await.expect("deleted"));
    assert_eq!(store.guest("guest_1").await.expect("read"), None);
    assert!(store.guest("guest_2").await.expect("read").is_some());
    fixture.close(store).await;
}

pub async fn a_new_signing_key_retires_the_others<F: Fixture<Store: AccountStore>>(fixture: &F) {
    let store = fixture.open().await;
    let at = Timestamp::from_millis;
    let key = |kid: &str, millis: i64| SigningKeyRecord {
        kid: kid.to_owned(),
        secret: vec![7; 32],
        created_at: at(millis),
        ends_at: None,
    };
    store.insert_signing_key(key("a", 100)).await.expect("key");
    let rotate = |kid: &str, now: i64| Change::RotateSigningKey { key: key(kid, now), others_until: at(now + 1_000) };
    super::commit(&store, [rotate("b", 200)]).await;
    super::commit(&store, [rotate("c", 500)]).await;
    fixture.close(store).await;
    let store = fixture.open().await;
    let ends = |keys: &[SigningKeyRecord]| -> Vec<(String, Option<i64>)> {
        keys.iter().map(|key| (key.kid.clone(), key.ends_at.map(|at| at.as_millis()))).collect()
    };
    let all = store.signing_keys().await.expect("keys");
    // The second rotation does not give the oldest key more time.
    let expected = [("c".to_owned(), None), ("b".to_owned(), Some(1_500)), ("a".to_owned(), Some(1_200))];
    assert_eq!(ends(&all), expected);
    let valid = async |now: i64| ends(&store.security(at(0), at(now), 10).await.expect("security").signing_keys);
    assert_eq!(valid(1_199).await, expected);
    assert_eq!(valid(1_200).await, expected[..2]);
    assert_eq!(valid(9_999).await, expected[..1]);
    store.sweep(at(1_300)).await.expect("swept");
    assert_eq!(ends(&store.signing_keys().await.expect("keys")), expected[..2]);
    fixture.close(store).await;
}
