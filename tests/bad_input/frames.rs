//! The same on `/ws`.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::support::live::{Ending, Live};
use super::support::shop::Shop;
use super::{shop_with_lamps, unharmed};

/// Above the bound of a message, which is 64 KiB.
const TOO_LARGE: usize = 70 * 1024;

fn code(reply: &Value) -> &str {
    let title = reply["error"]["title"].as_str().unwrap_or_default();
    assert!(!title.is_empty(), "an error has a title: {reply}");
    reply["error"]["code"].as_str().unwrap_or_default()
}

/// A guest in the room of a product, and the room's topic.
async fn in_a_room(shop: &Shop) -> (Live, String) {
    let client = shop.client();
    let guest = client.guest("Ada").await;
    let product = client.variant("lamp-1").await.product_id;
    let topic = format!("room:{}", client.acting_as(&guest.token).product_room(&product).await);
    let mut live = shop.live().await;
    live.authenticate(&guest.token).await;
    live.subscribe(&topic, None).await;
    (live, topic)
}

#[tokio::test]
async fn a_subscribe_from_the_future_is_told_the_head() {
    let (shop, client) = shop_with_lamps().await;
    let (mut live, topic) = in_a_room(&shop).await;
    live.publish(&topic, "m-1", "hello").await;
    let head = client.messages(topic.trim_start_matches("room:")).await[0]["seq"].clone();
    for since in [json!(1_000), json!(1_000_000_000_000_i64)] {
        let reply = live.ask(json!({"op": "subscribe", "topic": topic, "since": since})).await;
        assert_eq!(code(&reply), "since_ahead");
        assert_eq!(reply["error"]["head"], head, "{reply}");
    }
    let again = live.subscribe(&topic, Some(0)).await;
    assert_eq!(again["seq"], head);
    unharmed(shop).await;
}

#[tokio::test]
async fn frames_that_make_no_sense_get_an_error_and_the_session_goes_on() {
    let (shop, _) = shop_with_lamps().await;
    let (mut live, topic) = in_a_room(&shop).await;
    let frames = [
        json!({"op": "dance"}),
        json!({}),
        json!({"op": 5}),
        json!({"op": "subscribe"}),
        json!({"op": "subscribe", "topic": 5}),
        json!({"op": "subscribe", "topic": topic, "since": -1}),
        json!({"op": "subscribe", "topic": topic, "since": "1"}),
        json!({"op": "subscribe", "topic": topic, "colour": "red"}),
        json!({"op": "publish", "topic": topic, "data": {"text": "no client_id"}}),
        json!({"op": "publish", "topic": topic, "client_id": "m-1", "data": {}}),
        json!({"op": "publish", "topic": topic, "client_id": "m-1", "data": {"text": ""}}),
    ];
    for frame in frames {
        let reply = live.ask(frame.clone()).await;
        assert!(!code(&reply).is_empty(), "{frame}: {reply}");
    }
    for text in ["", "{", "[]", "null", "5", &"[".repeat(10_000)] {
        live.send(Message::text(text)).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    let reply = live.publish(&topic, "m-2", "still here").await;
    assert!(reply.get("ok").is_some(), "{reply}");
    unharmed(shop).await;
}

#[tokio::test]
async fn topics_that_are_not_there_or_not_ones_own_are_refused_alike() {
    let (shop, client) = shop_with_lamps().await;
    let order = client.ordered(&[(&client.variant("lamp-1").await, 1)]).await;
    let (mut live, _) = in_a_room(&shop).await;
    let nobodys = "00000000000000000000000001";
    for topic in [
        format!("room:room_{nobodys}"),
        format!("product:prod_{nobodys}"),
        format!("cart:cart_{nobodys}"),
        format!("order:ord_{nobodys}"),
        format!("order:{}", order.id),
    ] {
        let reply = live.ask(json!({"op": "subscribe", "topic": topic})).await;
        assert_eq!(code(&reply), "not_found", "{topic}: {reply}");
    }
    for topic in ["", "room", "room:", "room:nonsense", "planet:earth", "order:*"] {
        let reply = live.ask(json!({"op": "subscribe", "topic": topic})).await;
        assert!(!code(&reply).is_empty(), "{topic}: {reply}");
    }
    let own = json!({"op": "subscribe", "topic": format!("order:{}", order.id), "key": order.key});
    let reply = live.ask(own).await;
    assert!(reply.get("ok").is_some(), "with its key it is there: {reply}");
    unharmed(shop).await;
}

#[tokio::test]
async fn nobody_writes_without_a_token() {
    let (shop, client) = shop_with_lamps().await;
    let (mut writer, topic) = in_a_room(&shop).await;
    let mut anybody = shop.live().await;
    anybody.subscribe(&topic, None).await;
    assert_eq!(code(&anybody.publish(&topic, "m-1", "who am I").await), "credentials_missing");
    let forged = anybody.ask(json!({"op": "authenticate", "token": "a.b.c"})).await;
    assert_eq!(code(&forged), "token_invalid");
    writer.publish(&topic, "m-2", "I am Ada").await;
    let heard = anybody.next_events(&topic, 1).await;
    assert_eq!(heard[0]["event"]["message"]["text"], "I am Ada", "a product's room is read by anyone");
    assert_eq!(client.messages(topic.trim_start_matches("room:")).await.len(), 1);
    unharmed(shop).await;
}

#[tokio::test]
async fn frames_that_cannot_be_taken_end_their_own_session_only() {
    let (shop, _) = shop_with_lamps().await;
    let (mut witness, topic) = in_a_room(&shop).await;
    let text = |bytes: Vec<u8>, fin| Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), fin));
    let more = |bytes: Vec<u8>| Message::Frame(Frame::message(bytes, OpCode::Data(Data::Continue), false));
    let part = TOO_LARGE / 4;
    let bad = [
        ("too large", vec![Message::text("x".repeat(TOO_LARGE))], 1009),
        ("far too large", vec![Message::text("x".repeat(8 * 1024 * 1024))], 1009),
        (
            "too large in parts",
            vec![text(vec![b'x'; part], false), more(vec![b'x'; part]), more(vec![b'x'; part]), more(vec![b'x'; part])],
            1009,
        ),
        ("no UTF-8", vec![text(b"{\"id\":1,\"op\":\"\xC3\x28\"}".to_vec(), true)], 1007),
        ("binary", vec![Message::binary(b"{\"id\":1,\"op\":\"ping\"}".to_vec())], 1003),
        ("a part of nothing", vec![more(b"x".to_vec())], 1002),
    ];
    for (number, (what, frames, code)) in bad.into_iter().enumerate() {
        let mut live = shop.live().await;
        for frame in frames {
            if live.send(frame).await.is_err() {
                break;
            }
        }
        let ending = live.ending().await;
        // A server that stops reading in the middle of a huge frame may be gone before its reason is read.
        let cut_off = code == 1009 && ending == Ending::Broken;
        assert!(cut_off || ending == Ending::Closed { code }, "{what}: {ending:?}");
        let reply = witness.publish(&topic, &format!("m-{number}"), "nobody else noticed").await;
        assert!(reply.get("ok").is_some(), "{what}: {reply}");
    }
    unharmed(shop).await;
}

#[tokio::test]
async fn a_session_of_nothing_but_nonsense_is_closed() {
    let (shop, _) = shop_with_lamps().await;
    let mut live = shop.live().await;
    for _ in 0..200 {
        if live.send(Message::text("nonsense")).await.is_err() {
            break;
        }
    }
    let ending = live.ending().await;
    assert!([Ending::Closed { code: 1008 }, Ending::Broken].contains(&ending), "{ending:?}");
    unharmed(shop).await;
}
