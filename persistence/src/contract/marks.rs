//! Due times, the relay mark, and lists of entities.

use super::fixture::{Fixture, append, entity, head, numbered, refused};
use crate::journal::{EntityId, Journal};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;

async fn due(store: &impl Journal, now: i64, limit: usize) -> Vec<(EntityId, i64)> {
    let due = store.due(Timestamp::from_millis(now), limit).await.expect("due");
    due.into_iter().map(|due| (due.entity, due.due_at.as_millis())).collect()
}

pub async fn the_most_overdue_come_first<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let [first, second, third, never] = [1, 2, 3, 4].map(|number| entity("ord", number));
    append(&store, numbered(&second, 0, 1).due(200)).await;
    append(&store, numbered(&third, 0, 1).due(300)).await;
    append(&store, numbered(&first, 0, 1).due(-100)).await;
    append(&store, numbered(&never, 0, 1)).await;
    assert_eq!(due(&store, -101, 10).await, []);
    assert_eq!(due(&store, -100, 10).await, [(first.clone(), -100)]);
    assert_eq!(due(&store, 299, 10).await, [(first.clone(), -100), (second.clone(), 200)]);
    let all = [(first.clone(), -100), (second.clone(), 200), (third.clone(), 300)];
    assert_eq!(due(&store, i64::MAX, 10).await, all);
    assert_eq!(due(&store, i64::MAX, 2).await, all[..2]);
    fixture.close(store).await;
}

pub async fn each_commit_sets_or_clears_the_due_time<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let order = entity("ord", 1);
    append(&store, numbered(&order, 0, 1).due(100)).await;
    append(&store, numbered(&order, 1, 1).due(50)).await;
    assert_eq!(due(&store, 1_000, 10).await, [(order.clone(), 50)]);
    refused(&store, numbered(&order, 1, 1).due(10), 2).await;
    refused(&store, numbered(&order, 5, 1), 2).await;
    assert_eq!(due(&store, 1_000, 10).await, [(order.clone(), 50)], "a refused commit changes nothing");
    append(&store, numbered(&order, 2, 1)).await;
    assert_eq!(due(&store, 1_000, 10).await, []);
    append(&store, numbered(&order, 3, 1).due(70)).await;
    assert_eq!(due(&store, 1_000, 10).await, [(order, 70)]);
    fixture.close(store).await;
}

async fn unrelayed(store: &impl Journal) -> Vec<(EntityId, Seq, Seq)> {
    let mut all: Vec<_> = store
        .unrelayed(100)
        .await
        .expect("unrelayed")
        .into_iter()
        .map(|mark| (mark.entity, mark.relayed_to, mark.head))
        .collect();
    all.sort();
    all
}

pub async fn the_relay_mark_only_moves_forward<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let (order, other) = (entity("ord", 1), entity("ord", 2));
    append(&store, numbered(&order, 0, 3)).await;
    append(&store, numbered(&other, 0, 1)).await;
    assert_eq!(unrelayed(&store).await, [(order.clone(), 0, 3), (other.clone(), 0, 1)]);
    assert_eq!(store.unrelayed(1).await.expect("unrelayed").len(), 1);

    let mark = async |to| store.mark_relayed(&order, to).await.expect("relay mark");
    mark(2).await;
    assert_eq!(unrelayed(&store).await, [(order.clone(), 2, 3), (other.clone(), 0, 1)]);
    mark(1).await;
    assert_eq!(unrelayed(&store).await, [(order.clone(), 2, 3), (other.clone(), 0, 1)], "never back");
    mark(Seq::MAX).await;
    assert_eq!(unrelayed(&store).await, [(other.clone(), 0, 1)]);
    append(&store, numbered(&order, 3, 2)).await;
    assert_eq!(unrelayed(&store).await, [(order.clone(), 3, 5), (other.clone(), 0, 1)], "never past the head");
    mark(5).await;
    mark(5).await;
    assert_eq!(unrelayed(&store).await, [(other, 0, 1)]);

    store.mark_relayed(&entity("ord", 9), 4).await.expect("an unknown entity has nothing to mark");
    assert_eq!(head(&store, &entity("ord", 9)).await, 0);
    fixture.close(store).await;
}

pub async fn a_kind_that_nobody_is_told_of_leaves_the_relay_no_work<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let (cart, order) = (entity("cart", 1), entity("ord", 1));
    append(&store, numbered(&cart, 0, 3).told_to_nobody()).await;
    append(&store, numbered(&cart, 3, 2).told_to_nobody()).await;
    append(&store, numbered(&order, 0, 1)).await;
    assert_eq!(unrelayed(&store).await, [(order, 0, 1)]);
    assert_eq!(head(&store, &cart).await, 5);

    // Where an earlier version did ask for the relay, the next commit ends the waiting.
    append(&store, numbered(&cart, 5, 1)).await;
    assert_eq!(unrelayed(&store).await[0], (cart.clone(), 5, 6));
    append(&store, numbered(&cart, 6, 1).told_to_nobody()).await;
    assert_eq!(unrelayed(&store).await.len(), 1);
    fixture.close(store).await;
}

pub async fn entities_are_listed_by_kind<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let carts: Vec<EntityId> = (1..=25).map(|number| entity("cart", number)).collect();
    for cart in carts.iter().rev() {
        append(&store, numbered(cart, 0, 1)).await;
    }
    for kind in ["car", "carts", "ord", "zebra"] {
        append(&store, numbered(&entity(kind, 1), 0, 1)).await;
    }
    let list =
        async |kind: &str, after: Option<&EntityId>, limit| store.entities(kind, after, limit).await.expect("entities");
    assert_eq!(list("cart", None, 100).await, carts);
    assert_eq!(list("ord", None, 100).await, [entity("ord", 1)]);
    assert_eq!(list("room", None, 100).await, []);
    assert_eq!(list("cart", None, 0).await, []);

    let mut paged: Vec<EntityId> = Vec::new();
    loop {
        let page = list("cart", paged.last(), 10).await;
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 10);
        paged.extend(page);
    }
    assert_eq!(paged, carts);
    assert_eq!(list("cart", Some(&entity("car", 1)), 100).await, carts, "an id before the first of its kind");
    assert_eq!(list("cart", Some(&entity("zebra", 1)), 100).await, [], "an id after the last of its kind");
    fixture.close(store).await;
}

pub async fn many_heads_are_told_at_once<F: Fixture<Store: Journal>>(fixture: &F) {
    let store = fixture.open().await;
    let asked: Vec<EntityId> = (1..=300).map(|number| entity("ord", number)).collect();
    for (number, order) in asked.iter().enumerate().filter(|(number, _)| number % 3 == 0) {
        append(&store, numbered(order, 0, 1 + number as u64 % 4)).await;
    }
    let head = |number: usize| if number.is_multiple_of(3) { 1 + number as Seq % 4 } else { 0 };
    let expected: Vec<Seq> = (0..asked.len()).map(head).collect();
    assert_eq!(store.heads(&asked).await.expect("heads"), expected);

    // In the order asked for, each as often as it is asked for.
    let some = [asked[9].clone(), asked[1].clone(), asked[3].clone(), asked[9].clone()];
    assert_eq!(store.heads(&some).await.expect("heads"), [head(9), 0, head(3), head(9)]);
    assert!(store.heads(&[]).await.expect("heads").is_empty());
    fixture.close(store).await;
}
