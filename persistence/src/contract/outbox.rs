//! Deliveries to consumers, and where webhooks go.

use std::time::Duration;

use souk_domain::aggregate::Seq;
use souk_domain::id::{DeliveryId, EndpointId, delivery_id};
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::fixture::{Fixture, append, commit, entity, numbered};
use crate::journal::{EntityId, Journal};
use crate::leases::{Holder, Leases};
use crate::outbox::{
    Backlog, Consumer, Delivery, EndpointRecord, EndpointSecret, NewDelivery, OutboxStore, Outcome, Retention, Standing,
};
use crate::stores::OrderStore;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn endpoint(number: u128) -> EndpointId {
    EndpointId::from_uuid(Uuid::from_u128(number))
}

fn new(consumer: Consumer, entity: &EntityId, seq: Seq) -> NewDelivery {
    NewDelivery {
        id: delivery_id(&format!("{consumer:?}"), entity.as_str(), seq),
        consumer,
        entity: entity.clone(),
        seq,
        kind: "order.confirmed".to_owned(),
        created_at: at(1_000),
    }
}

async fn relay(store: &impl OutboxStore, deliveries: &[NewDelivery]) {
    store.relay(Vec::new(), deliveries.to_vec()).await.expect("relay");
}

async fn due(store: &impl OutboxStore, consumer: Consumer, now: i64) -> Vec<(EntityId, Seq)> {
    let due = store.due(consumer, at(now), 100).await.expect("due");
    due.into_iter().map(|delivery| (delivery.entity, delivery.seq)).collect()
}

fn outcome(id: DeliveryId, standing: Standing) -> Outcome {
    Outcome { id, standing, attempts: 1, attempted_at: at(1_500), error: None, status: None }
}

async fn settle(store: &impl OutboxStore, delivery: &NewDelivery, standing: Standing) {
    store.settle(vec![outcome(delivery.id, standing)]).await.expect("settle");
}

async fn read(store: &impl OutboxStore, id: DeliveryId) -> Delivery {
    store.delivery(id).await.expect("delivery").expect("it is there")
}

pub async fn marks_and_deliveries_are_written_together<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let [one, two, three] = [1, 2, 3].map(|number| entity("ord", number));
    for order in [&one, &two, &three] {
        append(&store, numbered(order, 0, 3)).await;
    }
    let hook = Consumer::Webhook(endpoint(1));
    let deliveries = vec![new(Consumer::Mail, &one, 2), new(hook, &one, 2), new(hook, &two, 1)];
    let marks = vec![(one.clone(), 3), (two.clone(), Seq::MAX), (entity("ord", 9), 1)];
    store.relay(marks.clone(), deliveries.clone()).await.expect("relay");
    store.relay(marks, deliveries).await.expect("a second time");
    let left: Vec<EntityId> = store.unrelayed(10).await.expect("unrelayed").into_iter().map(|it| it.entity).collect();
    assert_eq!(left, [three]);
    assert_eq!(due(&store, Consumer::Mail, 1_000).await, [(one.clone(), 2)]);
    assert_eq!(due(&store, hook, 1_000).await, [(one.clone(), 2), (two, 1)]);
    assert_eq!(due(&store, Consumer::Webhook(endpoint(2)), 1_000).await, []);
    assert_eq!(due(&store, hook, 999).await, []);

    append(&store, numbered(&one, 3, 1)).await;
    store.relay(vec![(one.clone(), 2)], Vec::new()).await.expect("relay");
    let mut left = store.unrelayed(10).await.expect("unrelayed");
    left.sort_by(|a, b| a.entity.cmp(&b.entity));
    assert_eq!((left[0].entity.clone(), left[0].relayed_to), (one, 3), "a mark never moves back");
    fixture.close(store).await;
}

pub async fn what_waits_names_the_types_of_its_events<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, two) = (entity("ord", 1), entity("ord", 2));
    append(&store, commit(&one, 0, &[r#"{"type":"a.v1"}"#, r#"{"type":"b.v1"}"#])).await;
    append(&store, commit(&one, 2, &[r#"{"type":"c.v1"}"#])).await;
    append(&store, commit(&two, 0, &[r#"{"type":"a.v1"}"#])).await;
    append(&store, commit(&entity("cart", 1), 0, &[r#"{"type":"a.v1"}"#]).told_to_nobody()).await;
    let types = |waiting: &crate::outbox::Waiting| -> Vec<(Seq, String)> { waiting.types.clone() };
    let waiting = store.waiting(10).await.expect("waiting");
    assert_eq!(waiting.iter().map(|it| (it.entity.clone(), it.head)).collect::<Vec<_>>(), [(one.clone(), 3), (two, 1)]);
    assert_eq!(types(&waiting[0]), [(1, "a.v1".into()), (2, "b.v1".into()), (3, "c.v1".into())]);
    assert_eq!(store.waiting(1).await.expect("waiting").len(), 1);

    store.relay(vec![(one.clone(), 1)], Vec::new()).await.expect("relay");
    let waiting = store.waiting(10).await.expect("waiting");
    assert_eq!(types(&waiting[0]), [(2, "b.v1".into()), (3, "c.v1".into())], "from the middle of a commit");

    let journals = store.journals(&[entity("ord", 9), one.clone()]).await.expect("journals");
    assert_eq!(journals.len(), 1);
    let (id, events) = &journals[0];
    assert_eq!((id, events.iter().map(|event| event.seq).collect::<Vec<_>>()), (&one, vec![1, 2, 3]));
    assert_eq!(*events, store.events_after(&one, 0, 10).await.expect("events"));
    fixture.close(store).await;
}

async fn claim(store: &impl OutboxStore, id: DeliveryId, holder: Holder, now: i64, until: i64) -> bool {
    store.claim(id, holder, at(now), at(until)).await.expect("claim")
}

pub async fn a_claimed_delivery_is_not_due_for_a_while<F: Fixture<Store: OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    claimed_by(&store, Holder { lease: "outbox", node: Uuid::from_u128(1) }).await;
    fixture.close(store).await;
}

/// The lease's clock is the real one here.
pub async fn only_who_holds_the_lease_claims_a_delivery<F: Fixture<Store: OutboxStore + Leases>>(fixture: &F) {
    let store = fixture.open().await;
    let [one, two] = [1, 2].map(|node| Holder { lease: "outbox", node: Uuid::from_u128(node) });
    let long = Duration::from_secs(600);
    let delivery = new(Consumer::Mail, &entity("ord", 7), 1);
    relay(&store, std::slice::from_ref(&delivery)).await;
    assert!(!claim(&store, delivery.id, one, 1_000, 2_000).await, "nobody holds it");
    store.acquire(one.lease, one.node, long).await.expect("asked").expect("it is free");
    claimed_by(&store, one).await;
    // It is paused, and its lease goes to another one, who sends.
    store.release(one.lease, one.node).await.expect("it is given back");
    store.acquire(two.lease, two.node, long).await.expect("asked").expect("it is free again");
    assert!(!claim(&store, delivery.id, one, 1_000, 2_000).await, "it wakes, and asks too late");
    assert!(claim(&store, delivery.id, two, 1_000, 2_000).await);
    store.acquire("sweep", one.node, long).await.expect("asked").expect("it is free");
    assert!(!claim(&store, delivery.id, Holder { lease: "sweep", ..two }, 2_000, 3_000).await, "another's lease");
    fixture.close(store).await;
}

async fn claimed_by(store: &impl OutboxStore, holder: Holder) {
    let (hook, one) = (Consumer::Webhook(endpoint(1)), entity("ord", 1));
    let delivery = new(hook, &one, 1);
    relay(store, std::slice::from_ref(&delivery)).await;
    assert!(!claim(store, delivery.id, holder, 999, 2_000).await, "it is not due yet");
    assert!(claim(store, delivery.id, holder, 1_000, 2_000).await);
    assert!(!claim(store, delivery.id, holder, 1_500, 3_000).await, "it is being sent");
    assert_eq!(due(store, hook, 1_999).await, []);
    assert_eq!(due(store, hook, 2_000).await, [(one, 1)], "whoever claimed it is gone");
    assert!(claim(store, delivery.id, holder, 2_000, 3_000).await);
    settle(store, &delivery, Standing::Delivered).await;
    assert!(!claim(store, delivery.id, holder, 4_000, 5_000).await, "it was sent");
}

pub async fn a_line_is_delivered_in_order<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, two, hook) = (entity("ord", 1), entity("ord", 2), Consumer::Webhook(endpoint(1)));
    let line = [1, 2, 3].map(|seq| new(hook, &one, seq));
    let other = new(hook, &two, 1);
    relay(&store, &[line.to_vec(), vec![other.clone()]].concat()).await;
    assert_eq!(due(&store, hook, 1_000).await, [(one.clone(), 1), (two.clone(), 1)], "one of each entity");
    settle(&store, &line[0], Standing::Delivered).await;
    settle(&store, &other, Standing::Delivered).await;
    assert_eq!(due(&store, hook, 1_000).await, [(one.clone(), 2)]);
    settle(&store, &line[1], Standing::Delivered).await;
    settle(&store, &line[2], Standing::Delivered).await;
    assert_eq!(due(&store, hook, i64::MAX).await, []);
    fixture.close(store).await;
}

pub async fn a_failed_one_holds_back_what_comes_after_it<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, hook) = (entity("ord", 1), Consumer::Webhook(endpoint(1)));
    let [first, second, third, mail] =
        [new(hook, &one, 1), new(hook, &one, 2), new(hook, &one, 3), new(Consumer::Mail, &one, 1)];
    relay(&store, &[first.clone(), second.clone(), mail.clone()]).await;
    let failed = Outcome {
        error: Some("no answer".to_owned()),
        status: Some(503),
        ..outcome(first.id, Standing::Pending(at(5_000)))
    };
    store.settle(vec![failed]).await.expect("settle");
    relay(&store, std::slice::from_ref(&third)).await;
    assert_eq!(due(&store, hook, 4_999).await, []);
    assert_eq!(due(&store, Consumer::Mail, 4_999).await, [(one.clone(), 1)], "another consumer is not held back");
    assert_eq!(due(&store, hook, 5_000).await, [(one.clone(), 1)]);
    for held in [&second, &third] {
        assert_eq!(read(&store, held.id).await.standing, Standing::Pending(at(5_000)));
    }
    let read = read(&store, first.id).await;
    assert_eq!((read.attempts, read.last_status, read.last_error.as_deref()), (1, Some(503), Some("no answer")));
    assert_eq!(read.attempted_at, Some(at(1_500)));
    settle(&store, &first, Standing::Delivered).await;
    assert_eq!(due(&store, hook, 5_000).await, [(one, 2)]);
    fixture.close(store).await;
}

pub async fn what_is_parked_lets_the_next_one_go<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, hook) = (entity("ord", 1), Consumer::Webhook(endpoint(1)));
    let [first, second] = [new(hook, &one, 1), new(hook, &one, 2)];
    relay(&store, &[first.clone(), second]).await;
    settle(&store, &first, Standing::Parked).await;
    assert_eq!(due(&store, hook, 1_000).await, [(one, 2)]);
    assert_eq!(read(&store, first.id).await.standing, Standing::Parked);
    fixture.close(store).await;
}

pub async fn a_settled_delivery_is_sent_again_when_asked<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let (one, hook) = (entity("ord", 1), Consumer::Webhook(endpoint(1)));
    let [first, second] = [new(hook, &one, 1), new(hook, &one, 2)];
    relay(&store, &[first.clone(), second.clone()]).await;
    settle(&store, &first, Standing::Parked).await;
    settle(&store, &second, Standing::Delivered).await;
    assert_eq!(store.resend(delivery_id("x", "y", 1), at(9_000)).await.expect("resend"), None);
    let again = store.resend(first.id, at(9_000)).await.expect("resend").expect("it is there");
    assert_eq!((again.id, again.standing, again.attempts), (first.id, Standing::Pending(at(9_000)), 0));
    assert_eq!(due(&store, hook, 9_000).await, [(one.clone(), 1)]);
    settle(&store, &first, Standing::Delivered).await;
    store.resend(second.id, at(9_500)).await.expect("resend").expect("a delivered one too");
    assert_eq!(due(&store, hook, 9_500).await, [(one, 2)]);
    fixture.close(store).await;
}

pub async fn the_log_is_paged_from_the_newest<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let hook = Consumer::Webhook(endpoint(1));
    let deliveries: Vec<NewDelivery> = (1..=25).map(|number| new(hook, &entity("ord", number), 1)).collect();
    relay(&store, &deliveries).await;
    relay(
        &store,
        &[new(Consumer::Mail, &entity("ord", 1), 1), new(Consumer::Webhook(endpoint(2)), &entity("ord", 1), 1)],
    )
    .await;
    let mut seen: Vec<DeliveryId> = Vec::new();
    let mut before = None;
    loop {
        let page = store.log(endpoint(1), before, 10).await.expect("log");
        let Some(last) = page.last() else { break };
        before = Some(last.position);
        seen.extend(page.into_iter().map(|delivery| delivery.id));
    }
    let expected: Vec<DeliveryId> = deliveries.iter().rev().map(|delivery| delivery.id).collect();
    assert_eq!(seen, expected);
    fixture.close(store).await;
}

pub async fn settled_deliveries_are_forgotten<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    let hook = Consumer::Webhook(endpoint(1));
    let [delivered, parked, pending] = [1, 2, 3].map(|number| new(hook, &entity("ord", number), 1));
    relay(&store, &[delivered.clone(), parked.clone(), pending.clone()]).await;
    settle(&store, &delivered, Standing::Delivered).await;
    settle(&store, &parked, Standing::Parked).await;
    let forget = async |delivered, parked, limit| {
        let retention = Retention { delivered_before: at(delivered), parked_before: at(parked) };
        store.forget(retention, limit).await.expect("forget")
    };
    assert_eq!(forget(1_500, 1_500, 10).await, 0);
    assert_eq!(forget(1_501, 1_500, 10).await, 1);
    assert_eq!(store.delivery(delivered.id).await.expect("delivery"), None);
    assert_eq!(forget(i64::MAX, i64::MAX, 0).await, 0);
    assert_eq!(forget(i64::MAX, i64::MAX, 10).await, 1);
    assert!(store.delivery(pending.id).await.expect("delivery").is_some(), "what is pending stays");
    fixture.close(store).await;
}

pub async fn the_backlog_is_counted<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert_eq!(store.backlog().await.expect("backlog"), Backlog::default());
    let old = NewDelivery { created_at: at(500), ..new(Consumer::Mail, &entity("ord", 1), 1) };
    let parked = new(Consumer::Mail, &entity("ord", 2), 1);
    relay(&store, &[new(Consumer::Mail, &entity("ord", 3), 1), old, parked.clone()]).await;
    settle(&store, &parked, Standing::Parked).await;
    assert_eq!(store.backlog().await.expect("backlog"), Backlog { pending: 2, parked: 1, oldest: Some(at(500)) });
    fixture.close(store).await;
}

fn record(number: u128) -> EndpointRecord {
    EndpointRecord {
        id: endpoint(number),
        version: 1,
        url: "https://example.com/hook".to_owned(),
        description: "the \"books\"".to_owned(),
        events: vec!["order.confirmed".to_owned()],
        secrets: vec![EndpointSecret { secret: "whsec_YQ==".to_owned(), ends_at: Some(at(7)) }],
        disabled_because: None,
        created_at: at(1),
        changed_at: at(1),
    }
}

pub async fn endpoints_are_kept_and_replaced_by_version<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    assert!(store.insert_endpoint(record(1), 2).await.expect("insert"));
    assert!(store.insert_endpoint(record(2), 2).await.expect("insert"));
    assert!(!store.insert_endpoint(record(3), 2).await.expect("insert"), "no more than that");
    fixture.close(store).await;
    let store = fixture.open().await;
    assert!(store.endpoints().await.expect("endpoints") == [record(1), record(2)]);
    let changed = EndpointRecord {
        version: 2,
        disabled_because: Some("gone".to_owned()),
        events: Vec::new(),
        changed_at: at(5),
        ..record(1)
    };
    assert!(store.replace_endpoint(changed.clone()).await.expect("replace"));
    assert!(!store.replace_endpoint(changed.clone()).await.expect("replace"), "it is not the newest any more");
    assert!(!store.replace_endpoint(EndpointRecord { version: 9, ..changed.clone() }).await.expect("replace"));
    assert!(store.endpoint(endpoint(1)).await.expect("endpoint") == Some(changed));
    assert!(store.endpoint(endpoint(3)).await.expect("endpoint").is_none());
    fixture.close(store).await;
}

pub async fn a_removed_endpoint_takes_its_deliveries_along<F: Fixture<Store: OrderStore + OutboxStore>>(fixture: &F) {
    let store = fixture.open().await;
    for number in [1, 2] {
        assert!(store.insert_endpoint(record(number), 9).await.expect("insert"));
        relay(&store, &[new(Consumer::Webhook(endpoint(number)), &entity("ord", 1), 1)]).await;
    }
    assert!(store.remove_endpoint(endpoint(1)).await.expect("remove"));
    assert!(!store.remove_endpoint(endpoint(1)).await.expect("remove"));
    assert_eq!(store.log(endpoint(1), None, 10).await.expect("log"), []);
    assert_eq!(store.log(endpoint(2), None, 10).await.expect("log").len(), 1);
    fixture.close(store).await;
}
