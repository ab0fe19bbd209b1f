//! Personal values: they come back as they were, until their person is erased.

use futures::future::join_all;

use super::fixture::{Fixture, VERSION, append, commit, entity, events_after, load};
use crate::journal::{EntityId, Journal};
use crate::stores::PersonalData;

fn said(person: &str, text: &str) -> String {
    format!(r#"{{"by":"{person}","text":{{"$of":"{person}","$personal":"{text}"}}}}"#)
}

fn erased(person: &str) -> String {
    format!(r#"{{"by":"{person}","text":"$erased"}}"#)
}

async fn texts(store: &impl Journal, entity: &EntityId) -> Vec<String> {
    events_after(store, entity, 0, usize::MAX).await.into_iter().map(|recorded| recorded.event).collect()
}

pub async fn personal_values_come_back<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let id = entity("room", 1);
    let nested =
        r#"{"a":[{"$of":"guest_1","$personal":{"line1":"1 Main St","$weird":[1,2.5,null]}}],"b":{"$personal":1}}"#;
    let events = [said("guest_1", "hello"), said("acct_2", "quote \\\" and ☕"), nested.to_owned()];
    let refs: Vec<&str> = events.iter().map(String::as_str).collect();
    append(&store, commit(&id, 0, &refs).with_snapshot(VERSION, &said("guest_1", "state"))).await;
    append(&store, commit(&id, 3, &[&said("guest_1", "later")])).await;
    fixture.close(store).await;

    let store = fixture.open().await;
    let loaded = load(&store, &id).await;
    assert_eq!(loaded.snapshot, Some((3, said("guest_1", "state"))));
    assert_eq!(loaded.tail[0].event, said("guest_1", "later"));
    let read = texts(&store, &id).await;
    assert_eq!(read[..2], events[..2]);
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(value(&read[2]), value(nested));
    fixture.close(store).await;
}

pub async fn an_erased_person_is_erased_everywhere<F: Fixture<Store: Journal + PersonalData>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, two) = (entity("room", 1), entity("room", 2));
    let both = [said("guest_1", "mine"), said("guest_2", "yours")];
    let refs: Vec<&str> = both.iter().map(String::as_str).collect();
    append(&store, commit(&one, 0, &refs).with_snapshot(VERSION, &said("guest_1", "state"))).await;
    append(&store, commit(&two, 0, &[&said("guest_1", "mine too")])).await;
    // Read once, so that the keys are at hand.
    assert_eq!(texts(&store, &one).await, both);
    assert!(store.erase_person("guest_1").await.expect("erased") > 0);
    assert_eq!(store.erase_person("guest_1").await.expect("erased"), 0);

    let expected = vec![erased("guest_1"), said("guest_2", "yours")];
    assert_eq!(texts(&store, &one).await, expected);
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(texts(&store, &one).await, expected);
    assert_eq!(texts(&store, &two).await, [erased("guest_1")]);
    assert_eq!(load(&store, &one).await.snapshot, Some((2, erased("guest_1"))));
    fixture.close(store).await;
}

pub async fn a_person_erased_elsewhere_is_forgotten_when_told<F: Fixture<Store: Journal + PersonalData>>(fixture: &F) {
    let (here, there) = (fixture.open().await, fixture.open().await);
    let id = entity("room", 1);
    append(&here, commit(&id, 0, &[&said("guest_1", "mine")])).await;
    assert_eq!(texts(&there, &id).await, [said("guest_1", "mine")]);
    assert!(here.erase_person("guest_1").await.expect("erased") > 0);
    assert_eq!(texts(&there, &id).await, [said("guest_1", "mine")], "it remembers the key");
    there.forget_person("guest_1");
    assert_eq!(texts(&there, &id).await, [erased("guest_1")]);
    fixture.close(here).await;
    fixture.close(there).await;
}

pub async fn a_person_can_come_back_after_being_erased<F: Fixture<Store: Journal + PersonalData>>(fixture: &F) {
    let store = fixture.open().await;
    let id = entity("room", 1);
    append(&store, commit(&id, 0, &[&said("guest_1", "before")])).await;
    store.erase_person("guest_1").await.expect("erased");
    append(&store, commit(&id, 1, &[&said("guest_1", "after")])).await;
    fixture.close(store).await;
    let store = fixture.open().await;
    assert_eq!(texts(&store, &id).await, [erased("guest_1"), said("guest_1", "after")]);
    fixture.close(store).await;
}

pub async fn persons_who_write_at_once_all_read_back<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    // Eight persons in 64 entities: each person's first key is taken several times at once.
    let entities: Vec<EntityId> = (0..64).map(|number| entity("room", number)).collect();
    let line = |number: usize| said(&format!("guest_{}", number % 8), &format!("text {number}"));
    join_all(entities.iter().enumerate().map(|(number, id)| {
        let commit = commit(id, 0, &[&line(number)]);
        append(&store, commit)
    }))
    .await;
    fixture.close(store).await;
    let store = fixture.open().await;
    for (number, id) in entities.iter().enumerate() {
        assert_eq!(texts(&store, id).await, [line(number)]);
    }
    fixture.close(store).await;
}
