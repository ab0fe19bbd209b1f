//! Who may write after whom.

use super::fixture::{
    Fixture, VERSION, append, commit, entity, head, holds, holds_numbered, load, numbered, numbered_event, refused,
};
use crate::error::AppendError;
use crate::journal::Journal;

pub async fn an_unknown_entity_is_empty<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let unknown = entity("cart", 1);
    let loaded = load(&store, &unknown).await;
    assert_eq!(loaded.head, 0);
    assert!(loaded.tail.is_empty() && loaded.snapshot.is_none() && loaded.commit_id.is_none(), "{loaded:?}");
    holds(&store, &unknown, &[]).await;
    fixture.close(store).await;
}

pub async fn what_is_appended_is_loaded<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let cart = entity("cart", 1);
    let first = commit(&cart, 0, &[r#"{"type":"created.v1"}"#]);
    let second = commit(&cart, 1, &[r#"{"type":"added.v1","quantity":2}"#]);
    append(&store, first.clone()).await;
    append(&store, second.clone()).await;

    let loaded = load(&store, &cart).await;
    assert_eq!(loaded.head, 2);
    assert_eq!(loaded.at, second.at, "the time of the newest commit");
    assert_eq!(loaded.commit_id, Some(second.commit_id), "the id of the newest commit");
    assert_eq!(loaded.tail.iter().map(|event| event.at).collect::<Vec<_>>(), [first.at, second.at]);
    holds(&store, &cart, &[first.events, second.events].concat()).await;
    fixture.close(store).await;
}

pub async fn a_commit_of_many_events_keeps_their_order<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    append(&store, numbered(&product, 0, 3)).await;
    append(&store, numbered(&product, 3, 500)).await;
    append(&store, numbered(&product, 503, 1)).await;
    holds_numbered(&store, &product, 504).await;
    assert_eq!(load(&store, &product).await.tail.len(), 504);
    fixture.close(store).await;
}

pub async fn a_stale_writer_is_told_the_head<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let order = entity("ord", 1);
    append(&store, numbered(&order, 0, 2)).await;
    append(&store, numbered(&order, 2, 3)).await;
    for predecessor in [0, 1, 2, 3, 4] {
        refused(&store, numbered(&order, predecessor, 1), 5).await;
    }
    holds_numbered(&store, &order, 5).await;
    append(&store, numbered(&order, 5, 1)).await;
    holds_numbered(&store, &order, 6).await;
    fixture.close(store).await;
}

pub async fn a_stale_writer_is_refused_after_an_archive<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    append(&store, numbered(&product, 0, 2)).await;
    append(&store, numbered(&product, 2, 2).with_snapshot(VERSION, "{}")).await;
    assert_eq!(store.archive(&product, 4).await.expect("archive"), 2, "commits that moved");
    for predecessor in [0, 2, 3] {
        refused(&store, numbered(&product, predecessor, 1), 4).await;
    }
    append(&store, numbered(&product, 4, 1)).await;
    holds_numbered(&store, &product, 5).await;
    fixture.close(store).await;
}

pub async fn a_gap_is_refused<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 2)).await;
    for predecessor in [3, 4, 1_000_000] {
        refused(&store, numbered(&room, predecessor, 1), 2).await;
    }
    holds_numbered(&store, &room, 2).await;
    fixture.close(store).await;
}

pub async fn an_unknown_entity_has_no_predecessor<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let payment = entity("pay", 1);
    refused(&store, numbered(&payment, 1, 1), 0).await;
    refused(&store, numbered(&payment, 9, 1), 0).await;
    holds(&store, &payment, &[]).await;
    let listed = store.entities("pay", None, 10).await.expect("entities");
    assert!(listed.is_empty(), "a refused commit left {listed:?}");
    fixture.close(store).await;
}

/// A writer who does not know whether its commit was written sends it again, or looks for its id.
pub async fn a_commit_that_is_sent_twice_is_written_once<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let order = entity("ord", 1);
    let sent = numbered(&order, 0, 2);
    append(&store, sent.clone()).await;
    refused(&store, sent.clone(), 2).await;
    assert_eq!(load(&store, &order).await.commit_id, Some(sent.commit_id));
    holds_numbered(&store, &order, 2).await;
    fixture.close(store).await;
}

pub async fn entities_do_not_see_each_other<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, other) = (entity("cart", 1), entity("cart", 11));
    append(&store, numbered(&one, 0, 3)).await;
    append(&store, numbered(&other, 0, 1)).await;
    refused(&store, numbered(&other, 3, 1), 1).await;
    holds_numbered(&store, &one, 3).await;
    holds_numbered(&store, &other, 1).await;
    fixture.close(store).await;
}

pub async fn what_can_never_be_written_is_refused_and_harms_nothing<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let cart = entity("cart", 1);
    append(&store, numbered(&cart, 0, 1)).await;
    let good_event = numbered_event(2);
    for events in [&[][..], &["no json"], &[""], &["{\"a\":1} {}"], &["{\"a\":"], &[good_event.as_str(), "}"]] {
        let outcome = store.append(commit(&cart, 1, events)).await;
        assert!(matches!(outcome, Err(AppendError::NotDone(_))), "{events:?} gave {outcome:?}");
    }
    let outcome = store.append(numbered(&cart, 1, 1).with_snapshot(VERSION, "{")).await;
    assert!(matches!(outcome, Err(AppendError::NotDone(_))), "a broken snapshot gave {outcome:?}");
    append(&store, numbered(&cart, 1, 1)).await;
    holds_numbered(&store, &cart, 2).await;
    fixture.close(store).await;
}

pub async fn any_json_comes_back_as_it_was<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let room = entity("room", 1);
    let texts = [
        "plain",
        "quotes \" and ' and \\ and /",
        "line\nbreak\ttab\r\u{8}\u{c}",
        "nul \0 and bell \u{7}",
        "żółć, 日本語, עברית, \u{1F600}, \u{202e}",
        "]}],[{\",",
        "null",
        "%_?1 :a @b $c -- ; drop table commits",
    ];
    let mut events: Vec<String> =
        texts.iter().map(|text| serde_json::json!({"type": "said.v1", "text": text}).to_string()).collect();
    // Forms that a writer may choose: escapes instead of characters, numbers as they were written.
    events.push(r#"{"text":"\u0000 \u00e9 \ud83d\ude00 \/"}"#.to_owned());
    events.push(
        r#"{"n":[1.0,1e5,-0,9007199254740993,9223372036854775807,18446744073709551615,0.1],"t":true}"#.to_owned(),
    );
    events.push(r#"{"deep":[[[[[[[[{"a":{"a":{"a":{}}}}]]]]]]]],"":{},"a":[],"b":null}"#.to_owned());
    let all: Vec<&str> = events.iter().map(String::as_str).collect();
    append(&store, commit(&room, 0, &all)).await;
    for (seq, event) in (events.len() as u64..).zip(&all) {
        append(&store, commit(&room, seq, &[event])).await;
    }
    let twice = [events.clone(), events].concat();
    holds(&store, &room, &twice).await;
    assert_eq!(
        load(&store, &room).await.tail.iter().map(|event| &event.event).collect::<Vec<_>>(),
        twice.iter().collect::<Vec<_>>()
    );
    fixture.close(store).await;
}

pub async fn a_large_event_comes_back<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    let large = serde_json::json!({"type": "described.v1", "text": "\"é\\".repeat(1024 * 1024 / 4)}).to_string();
    assert!(large.len() > 1024 * 1024);
    append(&store, commit(&product, 0, &[&large]).with_snapshot(VERSION, &large)).await;
    append(&store, commit(&product, 1, &["{}", &large])).await;
    let loaded = load(&store, &product).await;
    assert_eq!(loaded.snapshot, Some((1, large.clone())));
    holds(&store, &product, &[large.clone(), "{}".to_owned(), large]).await;
    fixture.close(store).await;
}

pub async fn everything_is_there_after_reopening<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let (cart, order) = (entity("cart", 1), entity("ord", 1));
    append(&store, numbered(&cart, 0, 2).due(50)).await;
    append(&store, numbered(&order, 0, 1)).await;
    append(&store, numbered(&order, 1, 2).with_snapshot(VERSION, r#"{"at":3}"#)).await;
    append(&store, numbered(&order, 3, 1)).await;
    store.archive(&order, 3).await.expect("archive");
    store.mark_relayed(&order, 2).await.expect("relay mark");
    let before = load(&store, &order).await;
    fixture.close(store).await;

    let store = fixture.open().await;
    let after = load(&store, &order).await;
    assert_eq!((after.head, after.commit_id, after.at), (before.head, before.commit_id, before.at));
    assert_eq!((after.snapshot, after.tail), (before.snapshot, before.tail));
    holds_numbered(&store, &cart, 2).await;
    holds_numbered(&store, &order, 4).await;
    assert_eq!(store.due(souk_domain::time::Timestamp::from_millis(50), 10).await.expect("due").len(), 1);
    let unrelayed = store.unrelayed(10).await.expect("unrelayed");
    assert!(unrelayed.iter().any(|mark| mark.entity == order && mark.relayed_to == 2), "{unrelayed:?}");
    refused(&store, numbered(&order, 3, 1), 4).await;
    append(&store, numbered(&order, 4, 1)).await;
    assert_eq!(head(&store, &order).await, 5);
    fixture.close(store).await;
}
