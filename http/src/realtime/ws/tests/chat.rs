//! Messages: one order for all, each once, also across reconnects and restarts.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use futures::future::join_all;
use serde_json::{Value, json};

use super::house::{House, person};
use crate::realtime::config::RealtimeConfig;

/// The numbers and texts of a history or of live frames.
fn seen(frames: &[Value]) -> Vec<(u64, String)> {
    let message = |frame: &Value| {
        let text = frame["event"]["message"]["text"].as_str().unwrap_or("-");
        (frame["seq"].as_u64().unwrap(), text.to_owned())
    };
    frames.iter().map(message).collect()
}

fn fast() -> RealtimeConfig {
    let plenty = NonZeroU32::new(100_000).unwrap();
    RealtimeConfig { messages_per_second: plenty, message_burst: plenty, ..RealtimeConfig::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_see_the_same_numbers_in_the_same_order() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), fast()).await;
    let topic = house.public_room().await;
    let people = [person("ada"), person("bob")];
    let mut clients = join_all(people.iter().map(|who| house.connect_as(who))).await;
    for client in &mut clients {
        assert_eq!(client.subscribe(&topic, None).await, json!({"seq": 1, "entries": []}));
    }
    let talk = clients.iter_mut().enumerate().map(async |(index, client)| {
        let mut numbers = Vec::new();
        for number in 0..100 {
            let message = client.publish(&topic, &format!("c{number}"), &format!("{index}:{number}")).await;
            numbers.push(message["seq"].as_u64().unwrap());
        }
        numbers
    });
    let acknowledged: BTreeSet<u64> = join_all(talk).await.into_iter().flatten().collect();
    let mut histories = Vec::new();
    for client in &mut clients {
        let mut frames = Vec::new();
        while frames.len() < 200 {
            frames.push(client.next().await);
        }
        histories.push(seen(&frames));
        assert!(client.has_nothing_more().await);
    }
    assert_eq!(histories[0], histories[1]);
    assert!(histories[0].iter().map(|(seq, _)| *seq).eq(2..=201));
    assert!(acknowledged.into_iter().eq(2..=201));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_gets_what_it_missed_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    let mut reader = house.connect().await;
    reader.subscribe(&topic, Some(0)).await;
    house.post(&topic, &ada, 1).await;
    let last = reader.next().await["seq"].as_u64().unwrap();
    reader.close().await;
    for number in 2..=4 {
        house.post(&topic, &ada, number).await;
    }
    let mut reader = house.connect().await;
    let history = reader.subscribe(&topic, Some(last)).await;
    let missed = seen(history["entries"].as_array().unwrap());
    assert_eq!(missed, [(3, "message 2".into()), (4, "message 3".into()), (5, "message 4".into())]);
    house.post(&topic, &ada, 5).await;
    assert_eq!(seen(&[reader.next().await]), [(6, "message 5".into())]);
    reader.close().await;
    house.close().await;

    let house = House::open(folder.path()).await;
    let mut reader = house.connect().await;
    let history = reader.subscribe(&topic, Some(last)).await;
    assert_eq!(seen(history["entries"].as_array().unwrap())[..3], missed[..]);
    assert_eq!(history["seq"], 6);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_history_and_the_live_tail_are_one_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), RealtimeConfig { replay_chunk: 7, outbox: 64, ..fast() }).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    join_all((0..300).map(|number| house.post(&topic, &ada, number))).await;
    let mut reader = house.connect().await;
    let (history, ()) = tokio::join!(reader.subscribe(&topic, Some(0)), async {
        for number in 300..400 {
            house.post(&topic, &ada, number).await;
        }
    });
    let mut frames = history["entries"].as_array().unwrap().clone();
    assert_eq!(frames.len(), 7, "the first chunk is the answer, the rest follows");
    while frames.len() < 401 {
        frames.push(reader.next().await);
    }
    assert!(seen(&frames).into_iter().map(|(seq, _)| seq).eq(1..=401));
    assert!(reader.has_nothing_more().await);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_id_is_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let topic = house.public_room().await;
    let mut ada = house.connect_as(&person("ada")).await;
    ada.subscribe(&topic, None).await;
    let first = ada.publish(&topic, "c1", "hello").await;
    assert_eq!(
        (&first["text"], &first["author"]["name"], &first["client_id"]),
        (&json!("hello"), &json!("ada"), &json!("c1"))
    );
    assert_eq!(ada.publish(&topic, "c1", "hello").await, first);
    let mut elsewhere = house.connect_as(&person("ada")).await;
    assert_eq!(elsewhere.publish(&topic, "c1", "something else").await, first);
    let frame = ada.next().await;
    assert_eq!(frame, json!({"topic": topic, "seq": first["seq"], "event": {"type": "message", "message": first}}));
    assert!(ada.has_nothing_more().await);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_reach_the_others_only_and_carry_who_sent_them() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    let (mut sender, mut other, mut elsewhere) =
        (house.connect_as(&ada).await, house.connect().await, house.connect().await);
    let typing = json!({"op": "signal", "topic": topic, "data": {"typing": true}});
    assert_eq!(sender.refused(typing.clone()).await, "not_subscribed");
    sender.subscribe(&topic, None).await;
    other.subscribe(&topic, None).await;
    sender.ok(typing.clone()).await;
    let author = json!({"id": ada.id, "name": "ada"});
    assert_eq!(other.next().await, json!({"topic": topic, "signal": {"typing": true, "author": author}}));
    assert!(sender.has_nothing_more().await && elsewhere.has_nothing_more().await);
    assert_eq!(other.refused(typing).await, "credentials_missing");
    let spoofed = json!({"op": "signal", "topic": topic, "data": {"author": {"name": "bob"}}});
    assert_eq!(sender.refused(spoofed).await, "invalid_body");
    let large = json!({"op": "signal", "topic": topic, "data": {"x": "y".repeat(1_024)}});
    assert_eq!(sender.refused(large).await, "invalid_body");
    assert!(other.has_nothing_more().await);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_unsubscribed_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    let mut reader = house.connect().await;
    reader.subscribe(&topic, None).await;
    reader.ok(json!({"op": "unsubscribe", "topic": topic})).await;
    house.post(&topic, &ada, 1).await;
    assert!(reader.has_nothing_more().await);
    assert_eq!(house.market.hub.subscriptions(), 0);
    let again = reader.subscribe(&topic, Some(0)).await;
    assert_eq!((&again["seq"], again["entries"].as_array().unwrap().len()), (&json!(2), 2));
    house.close().await;
}
