//! Topics that are no rooms: newest states, and the order's log.

use serde_json::json;
use souk_actors::viewer::Viewer;

use super::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_state_is_merged_and_ends_with_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let product = house.product("pot", 1_000).await;
    let topic = format!("product:{product}");
    let mut client = house.connect().await;
    let start = client.subscribe(&topic, None).await;
    assert_eq!(start["state"]["variants"][0]["available"], 1_000);
    for stock in (0..200).rev() {
        house.product("pot", stock).await;
    }
    let (mut frames, mut last) = (0, start["seq"].as_u64().unwrap());
    loop {
        let frame = client.next().await;
        let seq = frame["seq"].as_u64().unwrap();
        assert!(seq > last && frame["topic"] == json!(topic), "{frame}");
        (frames, last) = (frames + 1, seq);
        if frame["state"]["variants"][0]["available"] == 0 {
            break;
        }
    }
    assert!(frames < 100, "200 changes came as {frames} frames");
    assert_eq!(client.subscribe(&topic, None).await["seq"], last);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carts_and_the_status_board_can_be_followed() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let product = house.product("pot", 5).await;
    let variant = house.market.views.product(product).await.unwrap().unwrap().view.variants[0].id;
    let cart = house.market.carts.create(None, None).await.unwrap().id;
    let mut client = house.connect().await;
    let topic = format!("cart:{cart}");
    let start = client.subscribe(&topic, None).await;
    assert_eq!(start["state"]["lines"], json!([]));
    house.market.carts.add_line(cart, None, variant, 2).await.unwrap();
    let frame = client.next().await;
    assert_eq!((&frame["topic"], &frame["state"]["lines"][0]["quantity"]), (&json!(topic), &json!(2)));
    client.ok(json!({"op": "unsubscribe", "topic": topic})).await;
    let board = client.subscribe("status", None).await;
    assert_eq!(board["state"]["status"], "ok");
    let frame = client.next().await;
    assert!(frame["topic"] == "status" && frame["seq"].as_u64() > board["seq"].as_u64(), "{frame}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_followed_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let order = house.order().await;
    let topic = format!("order:{}", order.id);
    let mut client = house.connect().await;
    let subscribe = |key: Option<&str>| json!({"op": "subscribe", "topic": topic, "since": 0, "key": key});
    assert_eq!(client.refused(subscribe(None)).await, "not_found");
    assert_eq!(client.refused(subscribe(Some("guessed"))).await, "not_found");
    let history = client.ok(subscribe(order.access_key.as_deref())).await;
    let entries = history["entries"].as_array().unwrap().clone();
    let viewer = Viewer { person: None, key: order.access_key.clone() };
    house.market.orders.cancel(order.id, &viewer).await.unwrap();
    let mut frames = entries;
    while frames.last().is_none_or(|frame| frame["event"]["type"] != "settled") {
        frames.push(client.next().await);
    }
    let numbers = frames.iter().map(|frame| frame["seq"].as_u64().unwrap());
    assert!(numbers.eq(1..=frames.len() as u64), "{frames:?}");
    let publish = json!({"op": "publish", "topic": topic, "client_id": "c", "data": {"text": "hi"}});
    assert_eq!(client.refused(publish).await, "credentials_missing");
    house.close().await;
}
