//! Many writers at once.

use futures::future::join_all;

use super::fixture::{Fixture, append, entity, holds_numbered, load, numbered, numbered_event};
use crate::error::AppendError;
use crate::journal::Journal;

/// A first flush and the one after it, sent together: the second is accepted after the first or not at all.
pub async fn two_flushes_of_one_entity_stay_in_order<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    for number in 0..50 {
        let cart = entity("cart", number);
        let (first, second) = futures::join!(store.append(numbered(&cart, 0, 2)), store.append(numbered(&cart, 2, 1)));
        assert!(first.is_ok(), "the first flush got {first:?}");
        match second {
            Ok(()) => holds_numbered(&store, &cart, 3).await,
            Err(AppendError::Conflict { head: 0 }) => holds_numbered(&store, &cart, 2).await,
            other => panic!("the second flush got {other:?}"),
        }
    }
    fixture.close(store).await;
}

pub async fn of_two_writers_of_one_number_one_wins<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let order = entity("ord", 1);
    for predecessor in 0..50 {
        let rivals: Vec<_> = (0..4).map(|_| numbered(&order, predecessor, 1)).collect();
        let outcomes = join_all(rivals.iter().map(|commit| store.append(commit.clone()))).await;
        let winners: Vec<_> = rivals.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        assert_eq!(load(&store, &order).await.commit_id, Some(winners[0].0.commit_id), "the winner's commit is kept");
        for outcome in outcomes.iter().filter(|outcome| outcome.is_err()) {
            let expected = matches!(outcome, Err(AppendError::Conflict { head }) if *head == predecessor + 1);
            assert!(expected, "the loser got {outcome:?}");
        }
    }
    holds_numbered(&store, &order, 50).await;
    fixture.close(store).await;
}

/// Good, stale and broken commits sent together: each gets its own outcome.
pub async fn a_refused_commit_does_not_harm_its_neighbours<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let [good, stale, gap, unknown] = ["good", "stale", "gap", "unknown"].map(|kind| move |n| entity(kind, n));
    for n in 0..20 {
        append(&store, numbered(&stale(n), 0, 3)).await;
        append(&store, numbered(&gap(n), 0, 1)).await;
    }
    let commits: Vec<_> = (0..20)
        .flat_map(|n| {
            let broken = super::fixture::commit(&entity("broken", n), 0, &["{"]);
            [
                numbered(&stale(n), 1, 9),
                numbered(&good(n), 0, 2),
                numbered(&gap(n), 4, 1),
                numbered(&unknown(n), 1, 1),
                broken,
            ]
        })
        .collect();
    let outcomes = join_all(commits.into_iter().map(|commit| store.append(commit))).await;
    for outcomes in outcomes.chunks(5) {
        let expected = matches!(
            outcomes,
            [
                Err(AppendError::Conflict { head: 3 }),
                Ok(()),
                Err(AppendError::Conflict { head: 1 }),
                Err(AppendError::Conflict { head: 0 }),
                Err(AppendError::NotDone(_)),
            ]
        );
        assert!(expected, "{outcomes:?}");
    }
    for n in 0..20 {
        holds_numbered(&store, &good(n), 2).await;
        holds_numbered(&store, &stale(n), 3).await;
        holds_numbered(&store, &gap(n), 1).await;
        holds_numbered(&store, &unknown(n), 0).await;
        holds_numbered(&store, &entity("broken", n), 0).await;
    }
    fixture.close(store).await;
}

pub async fn two_hundred_entities_write_at_once<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let writers = (0..200).map(|number| {
        let store = &store;
        async move {
            let cart = entity("cart", number);
            for round in 0..5 {
                append(store, numbered(&cart, round * 2, 2)).await;
            }
        }
    });
    join_all(writers).await;
    for number in 0..200 {
        holds_numbered(&store, &entity("cart", number), 10).await;
    }
    fixture.close(store).await;
}

/// Whoever reads while others write sees a journal without gaps, at some moment.
pub async fn readers_never_see_half_a_commit<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let product = entity("prod", 1);
    let version = super::fixture::VERSION;
    let writing = async {
        for round in 0..60 {
            let commit = numbered(&product, round * 3, 3);
            let commit =
                if round % 5 == 4 { commit.with_snapshot(version, &numbered_event(round * 3 + 3)) } else { commit };
            append(&store, commit).await;
            if round % 10 == 9 {
                store.archive(&product, round * 3).await.expect("archive");
            }
        }
    };
    let reading = async {
        let mut last = 0;
        while last < 180 {
            let loaded = load(&store, &product).await;
            assert!(loaded.head >= last && loaded.head % 3 == 0, "{} after {last}", loaded.head);
            if let Some((seq, state)) = &loaded.snapshot {
                assert_eq!(*state, numbered_event(*seq));
            }
            for event in &loaded.tail {
                assert_eq!(event.event, numbered_event(event.seq));
            }
            last = loaded.head;
        }
    };
    futures::join!(writing, reading, async {
        let mut seen = 0;
        while seen < 180 {
            let events = super::fixture::events_after(&store, &product, seen, 7).await;
            seen = events.last().map_or(seen, |event| event.seq);
        }
    });
    holds_numbered(&store, &product, 180).await;
    fixture.close(store).await;
}
