//! The end that is asked for: SIGTERM.

use std::time::Duration;

use super::support::catalogue::Csv;
use super::support::live::Ending;
use super::support::shop::Shop;
use super::support::wait::{SOON, eventually};

fn goods() -> Csv {
    Csv::new().product("lamp", 10, "19.99")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_the_middle_of_writes_loses_nothing_that_was_acknowledged() {
    let mut shop = Shop::new().opened_with(&goods()).await;
    let client = shop.client();
    let room = client.acting_as(&client.guest("Ada").await.token);
    let product = client.variant("lamp").await.product_id;
    let room_id = room.product_room(&product).await;
    let mut acknowledged = Vec::new();
    let writing = async {
        for number in 0..10_000 {
            let answer = room.post_message(&room_id, &format!("message {number}"), &format!("m-{number}")).await;
            match answer.status {
                Some(200 | 201) => acknowledged.push(answer.json()["seq"].clone()),
                _ => return,
            }
        }
    };
    let stopping = async {
        let others = shop.client();
        eventually("some messages are there", SOON, async || {
            let some = others.get(&format!("/api/v1/rooms/{room_id}/messages?since=0&limit=50")).await;
            let count = some.json()["items"].as_array().map_or(0, Vec::len);
            if count >= 50 { Ok(()) } else { Err(format!("{count} are")) }
        })
        .await;
        shop.close().await;
    };
    let both = async { tokio::join!(writing, stopping) };
    tokio::time::timeout(Duration::from_secs(40), both).await.expect("the stop ends the writing");
    shop.open().await;
    let kept: Vec<_> =
        shop.client().messages(&room_id).await.into_iter().map(|message| message["seq"].clone()).collect();
    assert!(kept.starts_with(&acknowledged), "{} acknowledged, {} kept", acknowledged.len(), kept.len());
    assert!(kept.len() <= acknowledged.len() + 1);
    shop.close_and_check().await;
}

#[tokio::test]
async fn a_stop_closes_live_sessions_with_a_reason() {
    let mut shop = Shop::new().opened_with(&goods()).await;
    let mut live = shop.live().await;
    let product = shop.client().variant("lamp").await.product_id;
    live.subscribe(&format!("product:{product}"), None).await;
    shop.close().await;
    assert_eq!(live.ending().await, Ending::Closed { code: 1001 });
}
