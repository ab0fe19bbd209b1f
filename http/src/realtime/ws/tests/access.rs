//! Who may do what, and for how long.

use std::time::Duration;

use serde_json::json;
use souk_actors::accounts::register::Newcomer;
use souk_actors::accounts::sign_in::Device;
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::{Identity, Role};

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

/// What each gets who asks for a topic: `ok`, or the code of the refusal.
///
/// anonymous, somebody else, whose it is, staff with every permission, an admin
#[rustfmt::skip]
const TOPICS: [(&str, [&str; 5]); 7] = [
    ("product",        ["ok",        "ok",        "ok", "ok",        "ok"]),
    ("status",         ["ok",        "ok",        "ok", "ok",        "ok"]),
    ("a public room",  ["ok",        "ok",        "ok", "ok",        "ok"]),
    ("a private room", ["not_found", "not_found", "ok", "not_found", "not_found"]),
    ("an owned cart",  ["not_found", "not_found", "ok", "not_found", "not_found"]),
    ("a free cart",    ["ok",        "ok",        "ok", "ok",        "ok"]),
    ("an order",       ["not_found", "not_found", "ok", "not_found", "not_found"]),
];

/// A topic that is added has to have a row.
fn row_of(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Product(_) => &["product"],
        Topic::Status => &["status"],
        Topic::Room(_) => &["a public room", "a private room"],
        Topic::Cart(_) => &["an owned cart", "a free cart"],
        Topic::Order(_) => &["an order"],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_access_matrix_of_topics() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let (owner, other) = (person("ada"), person("eve"));
    let (staff, admin) = (employee("staff", Role::Staff), employee("admin", Role::Admin));
    let carts = &house.market.carts;
    let order = house.order().await;
    let topics = [
        ("product", format!("product:{}", house.product("pan", 5).await)),
        ("status", "status".to_owned()),
        ("a public room", house.public_room().await),
        ("a private room", house.private_room(&owner, &person("bob")).await),
        ("an owned cart", format!("cart:{}", carts.create(Some(owner.id.clone()), None).await.unwrap().id)),
        ("a free cart", format!("cart:{}", carts.create(None, None).await.unwrap().id)),
        ("an order", format!("order:{}", order.id)),
    ];
    for (name, topic) in topics {
        assert!(row_of(topic.parse().unwrap()).contains(&name));
        let (_, expected) = TOPICS.iter().find(|(row, _)| *row == name).unwrap();
        for (caller, expected) in [None, Some(&other), Some(&owner), Some(&staff), Some(&admin)].iter().zip(expected) {
            let mut client = match caller {
                Some(who) => house.connect_as(who).await,
                None => house.connect().await,
            };
            // Whoever has a guest's order has its key.
            let key = (*caller == Some(&owner) && name == "an order").then(|| order.access_key.clone());
            let answer = client.ask(json!({"op": "subscribe", "topic": topic, "key": key})).await;
            let told = answer["error"]["code"].as_str().unwrap_or("ok");
            assert_eq!(told, *expected, "{name} by {caller:?}");
            client.close().await;
        }
    }
    house.close().await;
}

fn employee(name: &str, role: Role) -> Identity {
    Identity { id: format!("staff:{name}"), name: name.to_owned(), role }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_has_no_sockets() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let accounts = &house.market.accounts;
    let newcomer = Newcomer {
        email: "ada@example.com".into(),
        password: "correct horse battery staple".into(),
        name: "Ada".into(),
    };
    let opened = accounts.register(newcomer, &Device::default()).await.unwrap();
    let standing = accounts.standing(&opened.account);
    let token = house.edge.tokens.issue_to(&opened.account, &standing, opened.session.id, house.market.clock.now());
    let mut client = house.connect().await;
    client.ok(json!({"op": "authenticate", "token": token})).await;
    accounts.end_session(opened.account.id, opened.session.id).await.unwrap();
    assert_eq!(client.close_code().await, 1008);
    let mut again = house.connect().await;
    assert_eq!(again.refused(json!({"op": "authenticate", "token": token})).await, "token_expired");
    house.close().await;
}
