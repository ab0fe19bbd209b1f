//! Who may do what, and for how long.

use std::time::Duration;

use serde_json::json;

use super::house::{House, person};
use crate::realtime::config::RealtimeConfig;

#[tokio::test(flavor = "multi_thread")]
async fn a_private_room_is_not_there_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (ada, bob, eve) = (person("ada"), person("bob"), person("eve"));
    let topic = house.private_room(&ada, &bob).await;
    let subscribe = json!({"op": "subscribe", "topic": topic, "since": 0});
    let publish = json!({"op": "publish", "topic": topic, "client_id": "c", "data": {"text": "hi"}});
    let mut stranger = house.connect().await;
    assert_eq!(stranger.refused(subscribe.clone()).await, "not_found");
    assert_eq!(stranger.refused(publish.clone()).await, "credentials_missing");
    let mut stranger = house.connect_as(&eve).await;
    assert_eq!(stranger.refused(subscribe.clone()).await, "not_found");
    assert_eq!(stranger.refused(publish.clone()).await, "not_found");
    assert_eq!(stranger.refused(json!({"op": "signal", "topic": topic, "data": {}})).await, "not_subscribed");
    let mut member = house.connect_as(&bob).await;
    assert_eq!(member.ok(subscribe).await["seq"], 1);
    member.ok(publish).await;
    assert_eq!(member.next().await["seq"], 2);
    assert!(stranger.has_nothing_more().await);
    assert_eq!(house.market.hub.subscriptions(), 1, "a refused subscription leaves nothing behind");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_one_person() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (ada, bob) = (person("ada"), person("bob"));
    let mut client = house.connect_as(&ada).await;
    let authenticate = |token: String| json!({"op": "authenticate", "token": token});
    assert_eq!(client.refused(authenticate(house.token(&bob))).await, "other_person");
    assert_eq!(client.refused(authenticate("a.b.c".into())).await, "token_invalid");
    client.ok(authenticate(house.token(&ada))).await;
    let topic = house.public_room().await;
    assert_eq!(client.publish(&topic, "c", "still me").await["author"]["name"], "ada");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_no_longer_writes_until_it_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (ada, topic) = (person("ada"), house.public_room().await);
    let mut client = house.connect().await;
    let gone = house.token_for(&ada, Duration::ZERO);
    assert_eq!(client.refused(json!({"op": "authenticate", "token": gone})).await, "token_expired");
    let short = house.token_for(&ada, Duration::from_secs(2));
    client.ok(json!({"op": "authenticate", "token": short})).await;
    client.publish(&topic, "c1", "in time").await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    let late = json!({"op": "publish", "topic": topic, "client_id": "c2", "data": {"text": "too late"}});
    assert_eq!(client.refused(late.clone()).await, "token_expired");
    let private = house.private_room(&ada, &person("bob")).await;
    assert_eq!(client.refused(json!({"op": "subscribe", "topic": private})).await, "token_expired");
    assert_eq!(client.subscribe(&topic, None).await["seq"], 2, "what anyone may read stays open");
    client.ok(json!({"op": "authenticate", "token": house.token(&ada)})).await;
    client.ok(late).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_whose_token_is_not_renewed_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let house =
        House::open_with(folder.path(), RealtimeConfig { renew_within_ms: 100, ..RealtimeConfig::default() }).await;
    let mut client = house.connect().await;
    let short = house.token_for(&person("ada"), Duration::from_secs(1));
    client.ok(json!({"op": "authenticate", "token": short})).await;
    assert_eq!(client.close_code().await, 1008);
    house.close().await;
}
