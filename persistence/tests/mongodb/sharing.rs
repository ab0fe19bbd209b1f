//! Two stores on one database, as two nodes have them.

use futures::future::join_all;
use souk_domain::id::ProductId;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::fixture::{append, entity, holds_numbered, load, numbered, refused};
use souk_persistence::error::AppendError;
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::stores::ProductStore;
use uuid::Uuid;

use super::recovering::product_row;
use super::support::Mongo;

/// Each node knows only its own head: what it believes is wrong half of the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_at_one_number_one_wins() {
    let mongo = Mongo::new();
    let (one, other) = (mongo.open().await, mongo.open().await);
    let product = entity("prod", 1);
    for predecessor in 0..40 {
        let rivals = [numbered(&product, predecessor, 1), numbered(&product, predecessor, 1)];
        let (first, second) = futures::join!(one.append(rivals[0].clone()), other.append(rivals[1].clone()),);
        let conflict = AppendErrorIs(predecessor + 1);
        let winner = match (&first, &second) {
            (Ok(()), Err(lost)) if conflict.fits(lost) => &rivals[0],
            (Err(lost), Ok(())) if conflict.fits(lost) => &rivals[1],
            outcomes => panic!("after {predecessor}: {outcomes:?}"),
        };
        assert_eq!(load(&one, &product).await.commit_id, Some(winner.commit_id));
        assert_eq!(load(&other, &product).await.commit_id, Some(winner.commit_id));
    }
    holds_numbered(&one, &product, 40).await;
    mongo.close(one).await;
    mongo.close(other).await;
}

struct AppendErrorIs(u64);

impl AppendErrorIs {
    fn fits(&self, error: &AppendError) -> bool {
        matches!(error, AppendError::Conflict { head } if *head == self.0)
    }
}

/// A writer that stands in the middle of another's commit has a number that is free in the index, and no predecessor.
#[tokio::test]
async fn nobody_writes_into_the_middle_of_anothers_commit() {
    let mongo = Mongo::new();
    let (one, other) = (mongo.open().await, mongo.open().await);
    let product = entity("prod", 1);
    append(&one, numbered(&product, 0, 1)).await;
    load(&other, &product).await;
    append(&one, numbered(&product, 1, 5)).await;
    for predecessor in 2..6 {
        refused(&other, numbered(&product, predecessor, 3), 6).await;
        refused(&one, numbered(&product, predecessor, 3), 6).await;
    }
    append(&other, numbered(&product, 6, 1)).await;
    holds_numbered(&one, &product, 7).await;
    mongo.close(one).await;
    mongo.close(other).await;
}

/// While two nodes write, a follower that goes on from its last position sees every product at its newest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_misses_nothing_of_two_nodes() {
    const PRODUCTS: u128 = 12;
    const ROUNDS: u64 = 8;
    let mongo = Mongo::new();
    let (one, other, reader) = (mongo.open().await, mongo.open().await, mongo.open().await);
    let id = |number: u128| ProductId::from_uuid(Uuid::from_u128(number));
    let writing = join_all((0..PRODUCTS).map(|number| {
        let store = if number % 2 == 0 { &one } else { &other };
        async move {
            for seq in 0..ROUNDS {
                let rows = [product_row(id(number), seq + 1)];
                append(store, numbered(&EntityId::new(id(number)), seq, 1).with_rows(rows)).await;
            }
        }
    }));
    let following = async {
        let mut seen = std::collections::BTreeMap::new();
        let mut position = 0;
        while seen.len() < PRODUCTS as usize || seen.values().any(|seq| *seq < ROUNDS) {
            for (at, row) in reader.products_changed_since(position, 5).await.expect("changes") {
                assert!(at > position, "{at} after {position}");
                position = at;
                seen.insert(row.id, row.seq);
            }
        }
    };
    let both = async { futures::join!(writing, following) };
    tokio::time::timeout(std::time::Duration::from_secs(60), both).await.expect("the follower missed something");
    for store in [one, other, reader] {
        mongo.close(store).await;
    }
}
