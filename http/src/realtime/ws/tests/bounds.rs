//! How many, how long, and what happens to those who do not keep up.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};

use super::client::Client;
use super::house::{House, person};
use crate::realtime::config::RealtimeConfig;

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_is_told_where_to_resume_and_closed_while_the_other_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), RealtimeConfig { outbox: 64, ..RealtimeConfig::default() }).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    let (mut slow, mut quick) = (house.connect().await, house.connect().await);
    slow.subscribe(&topic, None).await;
    quick.subscribe(&topic, None).await;
    let room = topic["room:".len()..].parse().unwrap();
    let text = "x".repeat(4_000);
    // More than the sockets' buffers and the outbox hold. The slow one reads nothing meanwhile.
    let mut sent = 1;
    while house.realtime.status().overflows == 0 {
        assert!(sent < 100_000, "the slow session never overflowed");
        let batch = (sent..sent + 50).map(|number| house.market.rooms.post(room, &ada, text.clone(), number.to_string()));
        join_all(batch).await.into_iter().for_each(|posted| drop(posted.unwrap()));
        sent += 50;
        for _ in 0..50 {
            quick.next().await;
        }
        // The server notices as soon as the slow one takes a little: it is written to once more.
        slow.next().await;
    }
    assert!(quick.has_nothing_more().await);
    let (mut last, mut resume) = (0, Value::Null);
    let (code, reason) = slow
        .closed_after(|frame| match frame["seq"].as_u64() {
            Some(seq) => last = seq,
            None => resume = frame,
        })
        .await;
    assert_eq!((code, resume), (1013, json!({"topic": topic, "resume_from": last})), "{reason}");
    let mut back = house.connect().await;
    let rest = back.subscribe(&topic, Some(last)).await;
    assert_eq!((&rest["seq"], &rest["entries"][0]["seq"]), (&json!(sent), &json!(last + 1)));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_follows_only_so_many_topics() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), RealtimeConfig { max_subscriptions: 1, ..RealtimeConfig::default() }).await;
    let topic = house.public_room().await;
    let mut client = house.connect().await;
    client.subscribe(&topic, Some(0)).await;
    assert_eq!(client.refused(json!({"op": "subscribe", "topic": "status"})).await, "too_many_subscriptions");
    let again = client.subscribe(&topic, Some(0)).await;
    assert_eq!(again["entries"].as_array().unwrap().len(), 1, "the same one may begin again");
    house.post(&topic, &person("ada"), 1).await;
    assert_eq!(client.next().await["seq"], 2);
    assert!(client.has_nothing_more().await);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), RealtimeConfig { max_sessions: 1, ..RealtimeConfig::default() }).await;
    let client = house.connect().await;
    let status = Client::try_connect(house.address, None).await.err().map(|status| status.as_u16());
    assert_eq!(status, Some(503));
    client.close().await;
    assert_eq!(house.realtime.drained(Duration::from_secs(5)).await, 0);
    house.connect().await.ok(json!({"op": "ping"})).await;
    let status = house.realtime.status();
    assert_eq!((status.sessions_opened, status.sessions_refused), (2, 1));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_never_heard_of_is_pinged_and_then_closed() {
    let folder = tempfile::tempdir().unwrap();
    let config = RealtimeConfig { ping_every_ms: 200, idle_after_ms: 900, ..RealtimeConfig::default() };
    let house = House::open_with(folder.path(), config).await;
    // It answers pings as long as it is read from.
    let mut alive = house.connect().await;
    for _ in 0..8 {
        assert!(alive.is_pinged().await);
    }
    alive.ok(json!({"op": "ping"})).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(alive.close_code().await, 1001);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_closes_every_session_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let topic = house.public_room().await;
    let mut clients = vec![house.connect().await, house.connect_as(&person("ada")).await];
    clients[0].subscribe(&topic, Some(0)).await;
    house.edge.stop();
    for client in &mut clients {
        let (code, reason) = client.closed_after(|_| {}).await;
        assert_eq!(code, 1001);
        assert!(reason.contains("stopping"), "{reason}");
    }
    assert_eq!(Client::try_connect(house.address, None).await.err().map(|status| status.as_u16()), Some(503));
    house.close().await;
}
