//! How many, how long, and what happens to those who do not keep up.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
        let batch =
            (sent..sent + 50).map(|number| house.market.rooms.post(room, &ada, text.clone(), number.to_string()));
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
    let house =
        House::open_with(folder.path(), RealtimeConfig { max_subscriptions: 1, ..RealtimeConfig::default() }).await;
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
    // This one answers pings.
    let mut alive = house.connect().await;
    for _ in 0..8 {
        assert!(alive.is_pinged().await);
    }
    alive.ok(json!({"op": "ping"})).await;
    // This one reads and never says a word.
    let mut silent = TcpStream::connect(house.address).await.unwrap();
    let handshake = "GET /ws HTTP/1.1\r\nHost: souk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    silent.write_all(handshake.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    silent.read_to_end(&mut heard).await.unwrap();
    let frames = heard.split(|byte| *byte == b'\n').next_back().unwrap();
    let (pings, close) = frames.split_at(frames.iter().position(|byte| *byte == 0x88).expect("a close frame"));
    assert_eq!(pings.chunks(2).filter(|frame| **frame == [0x89, 0]).count(), 4);
    assert_eq!(close[2..4], 1001_u16.to_be_bytes());
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
