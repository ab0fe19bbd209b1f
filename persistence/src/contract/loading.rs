//! What an entity is rebuilt from: snapshots, the tail, and the archive.

use super::fixture::{
    Fixture, VERSION, append, entity, events_after, head, holds_numbered, load, numbered, numbered_event, refused,
};
use crate::journal::{Journal, Loaded};
use souk_domain::aggregate::Seq;

fn tail(loaded: &Loaded) -> Vec<Seq> {
    loaded.tail.iter().map(|event| event.seq).collect()
}

pub async fn a_snapshot_shortens_the_tail<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let cart = entity("cart", 1);
    append(&store, numbered(&cart, 0, 2)).await;
    append(&store, numbered(&cart, 2, 2).with_snapshot(VERSION, r#"{"sum":4}"#)).await;
    let loaded = load(&store, &cart).await;
    assert_eq!(loaded.snapshot, Some((4, r#"{"sum":4}"#.to_owned())));
    assert!(loaded.tail.is_empty());

    append(&store, numbered(&cart, 4, 3)).await;
    let loaded = load(&store, &cart).await;
    assert_eq!(loaded.snapshot, Some((4, r#"{"sum":4}"#.to_owned())), "a commit without a snapshot keeps the old one");
    assert_eq!(tail(&loaded), [5, 6, 7]);
    assert_eq!(loaded.head, 7);

    append(&store, numbered(&cart, 7, 1).with_snapshot(VERSION, r#"{"sum":8}"#)).await;
    assert_eq!(load(&store, &cart).await.snapshot, Some((8, r#"{"sum":8}"#.to_owned())));
    holds_numbered(&store, &cart, 8).await;
    fixture.close(store).await;
}

pub async fn a_snapshot_of_another_version_is_ignored<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let cart = entity("cart", 1);
    append(&store, numbered(&cart, 0, 2).with_snapshot(VERSION - 1, "{}")).await;
    append(&store, numbered(&cart, 2, 1)).await;
    let loaded = load(&store, &cart).await;
    assert!(loaded.snapshot.is_none());
    assert_eq!(tail(&loaded), [1, 2, 3]);
    let loaded = store.load(&cart, VERSION - 1).await.expect("the version it has");
    assert_eq!(loaded.snapshot, Some((2, "{}".to_owned())));
    assert_eq!(tail(&loaded), [3]);
    fixture.close(store).await;
}

pub async fn a_refused_commit_leaves_the_snapshot<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let cart = entity("cart", 1);
    append(&store, numbered(&cart, 0, 1).with_snapshot(VERSION, r#"{"good":1}"#)).await;
    refused(&store, numbered(&cart, 0, 1).with_snapshot(VERSION, r#"{"stale":1}"#).due(5), 1).await;
    let loaded = load(&store, &cart).await;
    assert_eq!(loaded.snapshot, Some((1, r#"{"good":1}"#.to_owned())));
    assert!(store.due(souk_domain::time::Timestamp::from_millis(10), 10).await.expect("due").is_empty());
    fixture.close(store).await;
}

pub async fn events_after_a_number_are_paged<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let room = entity("room", 1);
    append(&store, numbered(&room, 0, 1)).await;
    append(&store, numbered(&room, 1, 4)).await;
    append(&store, numbered(&room, 5, 5)).await;
    for after in 0..=11 {
        for limit in [0, 1, 2, 3, 7, 100, usize::MAX] {
            let events = events_after(&store, &room, after, limit).await;
            let expected: Vec<Seq> = (after + 1..=10).take(limit).collect();
            assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), expected, "{limit} after {after}");
            assert!(events.iter().all(|event| event.event == numbered_event(event.seq)));
        }
    }
    assert!(events_after(&store, &room, Seq::MAX, 10).await.is_empty());
    fixture.close(store).await;
}

pub async fn archived_events_stay_readable<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    for predecessor in 0..10 {
        let commit = numbered(&product, predecessor * 2, 2);
        let commit = if predecessor == 6 { commit.with_snapshot(VERSION, r#"{"at":14}"#) } else { commit };
        append(&store, commit).await;
    }
    // Commits 1 to 3 lie wholly at or below 7; the fourth holds 7 and 8.
    assert_eq!(store.archive(&product, 7).await.expect("archive"), 3);
    assert_eq!(store.archive(&product, 7).await.expect("archive again"), 0);
    holds_numbered(&store, &product, 20).await;
    // Not above the newest snapshot, which was taken at 14.
    assert_eq!(store.archive(&product, Seq::MAX).await.expect("archive"), 4);
    holds_numbered(&store, &product, 20).await;
    for after in 0..=20 {
        let events = events_after(&store, &product, after, 3).await;
        let expected: Vec<Seq> = (after + 1..=20).take(3).collect();
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), expected, "after {after}");
    }

    let loaded = load(&store, &product).await;
    assert_eq!(loaded.snapshot.as_ref().map(|(seq, _)| *seq), Some(14));
    assert_eq!(tail(&loaded), [15, 16, 17, 18, 19, 20]);
    let loaded = store.load(&product, VERSION + 1).await.expect("a version that has no snapshot");
    assert!(loaded.snapshot.is_none());
    assert_eq!(tail(&loaded), (1..=20).collect::<Vec<_>>());
    append(&store, numbered(&product, 20, 1)).await;
    assert_eq!(head(&store, &product).await, 21);
    fixture.close(store).await;
}

pub async fn nothing_is_archived_without_a_snapshot<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    append(&store, numbered(&product, 0, 3)).await;
    assert_eq!(store.archive(&product, 3).await.expect("archive"), 0);
    assert_eq!(store.archive(&entity("prod", 2), 3).await.expect("an unknown one"), 0);
    holds_numbered(&store, &product, 3).await;
    fixture.close(store).await;
}

/// More commits than an adapter will want to move at once.
pub async fn a_long_journal_is_archived_whole<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let (long, other) = (entity("room", 1), entity("room", 2));
    append(&store, numbered(&other, 0, 2).with_snapshot(VERSION, "{}")).await;
    for predecessor in 0..520 {
        append(&store, numbered(&long, predecessor, 1)).await;
    }
    append(&store, numbered(&long, 520, 1).with_snapshot(VERSION, "{}")).await;
    assert_eq!(store.archive(&long, 521).await.expect("archive"), 521);
    assert!(load(&store, &long).await.tail.is_empty());
    holds_numbered(&store, &long, 521).await;
    assert_eq!(load(&store, &other).await.head, 2);
    append(&store, numbered(&long, 521, 1)).await;
    holds_numbered(&store, &long, 522).await;
    fixture.close(store).await;
}
