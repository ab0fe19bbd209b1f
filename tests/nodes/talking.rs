//! One order of messages for all, whichever node they talk to, also while the bus between them is cut.

use std::time::Duration;

use serde_json::json;

use super::cluster::Cluster;
use super::support::catalogue::Csv;
use super::support::live::Live;

const MESSAGES: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_messages_come_in_one_order_on_both_nodes_and_nothing_is_missed_across_a_cut_bus() {
    let cluster = Cluster::open(&Csv::new().product("lamp", 10, "25.00"), &[]).await;
    let client = cluster.anywhere();
    let lamp = client.variant("lamp").await;
    // A token of one node is good on the other.
    let [ada, ben] = [client.guest("Ada").await, client.guest("Ben").await];
    let room = client.acting_as(&ada.token).product_room(&lamp.product_id).await;
    let topic = format!("room:{room}");
    let mut sockets = Vec::new();
    for number in 0..2 {
        let mut live = Live::connect(&cluster.node(number).base).await;
        live.authenticate(if number == 0 { &ada.token } else { &ben.token }).await;
        live.subscribe(&topic, None).await;
        sockets.push(live);
    }

    let typing = json!({"op": "signal", "topic": &topic, "data": {"typing": true}});
    assert!(sockets[0].ask(typing).await.get("ok").is_some());
    sockets[1].next_that("a signal of the other node", |frame| frame["signal"]["typing"] == true).await;

    let mut seen = [Vec::new(), Vec::new()];
    for part in 0..3 {
        // The second part is said while the nodes do not hear each other.
        match part {
            1 => cluster.bus.cut(),
            2 => cluster.bus.mend(),
            _ => {}
        }
        let say = async |number: usize| {
            let client =
                cluster.client(number % 2).acting_as(if number.is_multiple_of(2) { &ada.token } else { &ben.token });
            let (text, id) = (format!("{part}-{number}"), format!("c{part}-{number}"));
            client.post_message(&room, &text, &id).await.expect(201)
        };
        futures::future::join_all((0..MESSAGES).map(say)).await;
        for (socket, seen) in sockets.iter_mut().zip(&mut seen) {
            let events = socket.next_events(&topic, MESSAGES);
            seen.extend(tokio::time::timeout(Duration::from_secs(10), events).await.expect("all come within seconds"));
        }
    }
    let told = |frames: &Vec<serde_json::Value>| -> Vec<(u64, String)> {
        let text = |frame: &serde_json::Value| frame["event"]["message"]["text"].as_str().unwrap_or("?").to_owned();
        frames.iter().map(|frame| (frame["seq"].as_u64().expect("a number"), text(frame))).collect()
    };
    let [one, other] = [told(&seen[0]), told(&seen[1])];
    assert_eq!(one, other, "the same, in the same order");
    assert!(one.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "without gaps: {one:?}");
    for number in 0..2 {
        let kept = cluster.client(number).messages(&room).await;
        assert_eq!(kept.len(), 3 * MESSAGES);
    }
    cluster.close_and_check().await;
}
