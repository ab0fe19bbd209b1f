//! Two nodes on one store: for adapters whose stores are shared.

use std::collections::BTreeSet;

use futures::future::join_all;

use super::fixture::{Fixture, VERSION, append, commit, entity, events_after, head, holds_numbered, load, numbered};
use crate::error::AppendError;
use crate::journal::Journal;
use crate::stores::OrderStore;

/// Both want every number; each number has one winner, and the loser is told where the journal stands.
pub async fn two_nodes_race_for_every_number<F: Fixture<Store: Journal>>(fixture: &F) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    let order = entity("ord", 1);
    let mut won = [0, 0];
    for predecessor in 0..60 {
        let rivals = [numbered(&order, predecessor, 1), numbered(&order, predecessor, 1)];
        let [first, second] = rivals.clone();
        let outcomes = futures::join!(one.append(first), other.append(second));
        let winner = match outcomes {
            (Ok(()), Err(AppendError::Conflict { head })) if head == predecessor + 1 => 0,
            (Err(AppendError::Conflict { head }), Ok(())) if head == predecessor + 1 => 1,
            outcomes => panic!("after {predecessor} the rivals got {outcomes:?}"),
        };
        won[winner] += 1;
        for node in [&one, &other] {
            assert_eq!(
                load(node, &order).await.commit_id,
                Some(rivals[winner].commit_id),
                "the winner's commit is kept"
            );
        }
    }
    holds_numbered(&one, &order, 60).await;
    assert_eq!(won[0] + won[1], 60);
    fixture.close(one).await;
    fixture.close(other).await;
}

/// Both write to all of many entities, each after what it last read. Nothing is lost, and nobody waits forever.
pub async fn two_nodes_share_many_entities<F: Fixture<Store: Journal>>(fixture: &F) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    let node = async |store: &F::Store, reverse: bool| {
        let writers = (0..24).map(async |number| {
            let cart = entity("cart", if reverse { 23 - number } else { number });
            let mut written = 0;
            while written < 10 {
                let head = head(store, &cart).await;
                match store.append(numbered(&cart, head, 2)).await {
                    Ok(()) => written += 1,
                    Err(AppendError::Conflict { head: newest }) => assert!(newest > head, "{newest} after {head}"),
                    Err(error) => panic!("{cart} after {head}: {error}"),
                }
            }
        });
        join_all(writers).await;
    };
    futures::join!(node(&one, false), node(&other, true));
    for number in 0..24 {
        holds_numbered(&other, &entity("cart", number), 40).await;
    }
    fixture.close(one).await;
    fixture.close(other).await;
}

/// What one node wrote the other reads at once, personal values too: it has to look for their keys.
pub async fn a_node_reads_what_another_wrote<F: Fixture<Store: Journal>>(fixture: &F) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    let room = entity("room", 1);
    let said = r#"{"by":"guest_1","text":{"$of":"guest_1","$personal":"hello"}}"#;
    append(&one, commit(&room, 0, &[said]).with_snapshot(VERSION, said)).await;
    assert_eq!(load(&other, &room).await.snapshot, Some((1, said.to_owned())));
    append(&other, commit(&room, 1, &[said])).await;
    let events = events_after(&one, &room, 0, 10).await;
    assert_eq!(events.iter().map(|event| event.event.as_str()).collect::<Vec<_>>(), [said, said]);
    fixture.close(one).await;
    fixture.close(other).await;
}

pub async fn two_nodes_never_take_the_same_order_number<F: Fixture<Store: OrderStore>>(fixture: &F) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    let take = async |store: &F::Store| {
        join_all((0..20).map(async |count| (store.take_order_numbers(count + 1).await.expect("numbers"), count + 1)))
            .await
    };
    let (mut taken, others) = futures::join!(take(&one), take(&other));
    taken.extend(others);
    let all: Vec<u64> = taken.iter().flat_map(|(first, count)| *first..first + u64::from(*count)).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{taken:?}");
    fixture.close(one).await;
    fixture.close(other).await;
}
