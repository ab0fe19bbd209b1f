//! What makes no sense, is too much, or is no WebSocket at all.

use std::num::NonZeroU32;

use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::frame::coding::Data;

use super::client::Client;
use super::house::{House, person};
use crate::realtime::config::RealtimeConfig;

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_too_large_closes_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let mut client = house.connect().await;
    let most = 64 * 1_024;
    let padded = format!("{}{}", r#"{"id":1,"op":"ping"}"#, " ".repeat(most - 20));
    client.send(&padded).await;
    assert_eq!(client.next().await, json!({"id": 1, "ok": {}}), "the limit itself is fine");
    client.send_frame(vec![b' '; most + 1], Data::Text, true).await;
    assert_eq!(client.close_code().await, 1009);
    let mut client = house.connect().await;
    client.send_frame(vec![b' '; 2 * 1_024 * 1_024], Data::Text, true).await;
    assert_eq!(client.close_code().await, 1009, "the reason arrives although the rest was never read");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_are_put_together_up_to_the_same_limit() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let mut client = house.connect().await;
    // In the middle of a character, too: only the whole has to be UTF-8.
    let text = r#"{"id":1,"op":"ping","ü":1}"#.as_bytes();
    let middle = 1 + text.iter().position(|byte| *byte > 0x7f).unwrap();
    client.send_frame(text[..5].to_vec(), Data::Text, false).await;
    client.send_frame(text[5..middle].to_vec(), Data::Continue, false).await;
    client.send_frame(text[middle..].to_vec(), Data::Continue, true).await;
    assert_eq!(client.next().await["error"]["errors"][0]["pointer"], "/ü");
    for part in 0..5 {
        client.send_frame(vec![b' '; 16 * 1_024], if part == 0 { Data::Text } else { Data::Continue }, false).await;
    }
    assert_eq!(client.close_code().await, 1009);
    let mut client = house.connect().await;
    client.send_frame(b"{}".to_vec(), Data::Continue, true).await;
    assert_eq!(client.close_code().await, 1002);
    let mut client = house.connect().await;
    client.send_frame(b"{".to_vec(), Data::Text, false).await;
    client.send_frame(b"{}".to_vec(), Data::Text, true).await;
    assert_eq!(client.close_code().await, 1002);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_utf_8_or_not_text_closes_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let mut client = house.connect().await;
    client.send_frame(b"{\"id\":1,\"op\":\"\xff\"}".to_vec(), Data::Text, true).await;
    assert_eq!(client.close_code().await, 1007);
    let mut client = house.connect().await;
    client.send_frame(b"{\"id\":".to_vec(), Data::Text, false).await;
    client.send_frame(b"\xc3".to_vec(), Data::Continue, true).await;
    assert_eq!(client.close_code().await, 1007);
    let mut client = house.connect().await;
    client.send_frame(b"{}".to_vec(), Data::Binary, true).await;
    assert_eq!(client.close_code().await, 1003);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_answered_and_too_much_of_it_closes_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let mut client = house.connect().await;
    client.send("{\"id\":1").await;
    let answer = client.next().await;
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(null), &json!("malformed_json")));
    let answer = client.ask(json!({"op": "dance"})).await;
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(1), &json!("unknown_op")));
    let answer = client.ask(json!({"op": "ping", "loudly": true})).await;
    let fault = &answer["error"]["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/loudly"), &json!("unknown")));
    client.ok(json!({"op": "ping"})).await;
    for _ in 3..=20 {
        client.send("nonsense").await;
    }
    let mut answers = 0;
    let (code, _) = client.closed_after(|_| answers += 1).await;
    assert_eq!((code, answers), (1008, 18), "every one is answered before the close");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_fast_is_told_and_slowed_down() {
    let folder = tempfile::tempdir().unwrap();
    let number = |number| NonZeroU32::new(number).unwrap();
    let config =
        RealtimeConfig { messages_per_second: number(20), message_burst: number(5), ..RealtimeConfig::default() };
    let house = House::open_with(folder.path(), config).await;
    let mut client = house.connect().await;
    for id in 1..=30 {
        client.send(&json!({"id": id, "op": "ping"}).to_string()).await;
    }
    let (mut done, mut refused) = (0, Vec::new());
    for id in 1..=30 {
        let answer = client.next().await;
        assert_eq!(answer["id"], id, "refusals too are answered under their id");
        match answer["error"]["code"].as_str() {
            None => done += 1,
            Some(code) => refused.push(code.to_owned()),
        }
    }
    assert!(
        done >= 5 && !refused.is_empty() && refused.iter().all(|code| code == "rate_limited"),
        "{done} {refused:?}"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_future_and_the_unknown_cannot_be_followed() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (topic, ada) = (house.public_room().await, person("ada"));
    house.post(&topic, &ada, 1).await;
    let mut client = house.connect_as(&ada).await;
    let answer = client.ask(json!({"op": "subscribe", "topic": topic, "since": 3})).await;
    assert_eq!((&answer["error"]["code"], &answer["error"]["head"]), (&json!("since_ahead"), &json!(2)));
    assert_eq!(client.subscribe(&topic, Some(2)).await, json!({"seq": 2, "entries": []}));
    for topic in [
        "room:room_00000000000000000000000007",
        "product:prod_00000000000000000000000007",
        "order:ord_00000000000000000000000007",
        "cart:cart_00000000000000000000000007",
    ] {
        assert_eq!(
            client.refused(json!({"op": "subscribe", "topic": topic, "since": 0})).await,
            "not_found",
            "{topic}"
        );
    }
    for topic in ["", "room", "room:", "room:7", "product:ord_00000000000000000000000007", "weather"] {
        assert_eq!(client.refused(json!({"op": "subscribe", "topic": topic})).await, "invalid_body", "{topic}");
    }
    let publish =
        |topic: &str, text: &str| json!({"op": "publish", "topic": topic, "client_id": "c", "data": {"text": text}});
    assert_eq!(client.refused(publish("status", "hi")).await, "not_a_room");
    assert_eq!(client.refused(publish(&topic, " ")).await, "invalid_body");
    assert_eq!(client.refused(publish(&topic, &"x".repeat(4_001))).await, "invalid_body");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subprotocol_is_the_one_that_is_spoken() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let status = Client::try_connect(house.address, Some("graphql-ws, mqtt")).await.err().map(|status| status.as_u16());
    assert_eq!(status, Some(400));
    let (_client, response) = Client::try_connect(house.address, Some("mqtt, souk.v1")).await.ok().unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "souk.v1");
    let (mut client, response) = Client::try_connect(house.address, None).await.ok().unwrap();
    assert!(!response.headers().contains_key("sec-websocket-protocol"));
    client.ok(json!({"op": "ping"})).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_request_is_told_to_upgrade() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n";
    for headers in ["Connection: close\r\n", upgrade] {
        let mut stream = tokio::net::TcpStream::connect(house.address).await.unwrap();
        stream.write_all(format!("GET /ws HTTP/1.1\r\nHost: souk\r\n{headers}\r\n").as_bytes()).await.unwrap();
        let mut answer = vec![0; 1_024];
        let read = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]).to_lowercase();
        assert!(answer.starts_with("http/1.1 426") && answer.contains("sec-websocket-version: 13"), "{answer}");
    }
    assert_eq!(house.realtime.status().sessions_open, 0);
    house.close().await;
}
