//! Guests and signing keys.

use souk_domain::time::Timestamp;

use super::fixture::Fixture;
use crate::stores::{AccountStore, GuestRecord, SigningKeyRecord};

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
