//! Work that one node does at a time. The store's clock is the real one here, so times are short and waited for.

use std::time::Duration;

use futures::future::join_all;
use uuid::Uuid;

use super::fixture::Fixture;
use crate::leases::{Leases, Term};

const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(300);

fn nodes() -> [Uuid; 3] {
    [1, 2, 3].map(Uuid::from_u128)
}

async fn acquire(store: &impl Leases, node: Uuid, time: Duration) -> Option<Term> {
    store.acquire("sweep", node, time).await.expect("the lease is asked for")
}

/// Asks until the lease is got.
async fn inherit(store: &impl Leases, node: Uuid) -> Term {
    for _ in 0..200 {
        if let Some(term) = acquire(store, node, LONG).await {
            return term;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a lease of {SHORT:?} has not run out after ten seconds");
}

pub async fn a_lease_has_one_holder<F: Fixture<Store: Leases>>(fixture: &F) {
    let (store, [one, two, _]) = (fixture.open().await, nodes());
    let term = acquire(&store, one, LONG).await.expect("it is free");
    assert_eq!(acquire(&store, two, LONG).await, None);
    assert_eq!(acquire(&store, one, LONG).await, Some(term), "renewing is no change of hands");
    assert_eq!(acquire(&store, two, LONG).await, None);
    fixture.close(store).await;
}

pub async fn a_lease_that_ran_out_goes_to_the_next_one<F: Fixture<Store: Leases>>(fixture: &F) {
    let (store, [one, two, _]) = (fixture.open().await, nodes());
    let first = acquire(&store, one, SHORT).await.expect("it is free");
    let second = inherit(&store, two).await;
    assert!(second > first, "{second} comes after {first}");
    fixture.close(store).await;
}

pub async fn a_stale_holder_is_told_and_takes_nothing_back<F: Fixture<Store: Leases>>(fixture: &F) {
    let (store, [one, two, three]) = (fixture.open().await, nodes());
    acquire(&store, one, SHORT).await.expect("it is free");
    let term = inherit(&store, two).await;
    assert_eq!(acquire(&store, one, LONG).await, None, "it was paused, and another holds it now");
    store.release("sweep", one).await.expect("giving back what is not one's own does nothing");
    assert_eq!(acquire(&store, three, LONG).await, None);
    assert_eq!(acquire(&store, two, LONG).await, Some(term));
    fixture.close(store).await;
}

pub async fn a_lease_given_back_is_free_at_once<F: Fixture<Store: Leases>>(fixture: &F) {
    let (store, [one, two, _]) = (fixture.open().await, nodes());
    let first = acquire(&store, one, LONG).await.expect("it is free");
    store.release("sweep", one).await.expect("it is given back");
    let second = acquire(&store, two, LONG).await.expect("it is free again");
    assert!(second > first, "{second} comes after {first}");
    store.release("never", one).await.expect("an unknown one is nothing to give back");
    fixture.close(store).await;
}

pub async fn of_many_who_ask_at_once_one_gets_it<F: Fixture<Store: Leases>>(fixture: &F) {
    let store = fixture.open().await;
    let got = join_all((1..=20).map(|node| acquire(&store, Uuid::from_u128(node), LONG))).await;
    assert_eq!(got.iter().flatten().count(), 1, "{got:?}");
    fixture.close(store).await;
}

pub async fn leases_do_not_know_each_other<F: Fixture<Store: Leases>>(fixture: &F) {
    let (store, [one, two, _]) = (fixture.open().await, nodes());
    acquire(&store, one, LONG).await.expect("it is free");
    let other = store.acquire("outbox", two, LONG).await.expect("the lease is asked for");
    assert!(other.is_some());
    fixture.close(store).await;
}
