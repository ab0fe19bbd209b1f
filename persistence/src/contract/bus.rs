//! The bus between nodes: what one says the others hear, or they hear that they may have missed something.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use souk_domain::aggregate::Seq;

use crate::bus::{Bus, Heard, Listener, Notice};

/// A bus that nodes can be made on.
#[async_trait]
pub trait BusFixture: Sync {
    /// Another node on the same bus.
    async fn node(&self) -> (Arc<dyn Bus>, Listener);

    /// Breaks the connections of all nodes; they may be made again at once.
    async fn interrupt(&self);
}

/// Nothing here waits this long unless something is wrong.
const AT_MOST: Duration = Duration::from_secs(30);

fn notice(channel: &str, about: &str, seq: Option<Seq>, payload: &str) -> Notice {
    Notice { channel: channel.into(), about: about.into(), seq, payload: Bytes::copy_from_slice(payload.as_bytes()) }
}

async fn next(listener: &mut Listener) -> Heard {
    let next = tokio::time::timeout(AT_MOST, listener.next()).await;
    next.expect("something is heard in time").expect("the bus is open")
}

async fn expect(listener: &mut Listener, notices: &[Notice]) {
    for notice in notices {
        assert_eq!(next(listener).await, Heard::Notice(notice.clone()));
    }
}

/// A node that has heard that it can begin, and listens to these channels.
async fn joined<F: BusFixture>(fixture: &F, channels: &[&str]) -> (Arc<dyn Bus>, Listener) {
    let (bus, mut listener) = fixture.node().await;
    assert_eq!(next(&mut listener).await, Heard::Gap, "the first word: look at the stores now");
    bus.join(channels.iter().map(|channel| (*channel).into()).collect()).await;
    (bus, listener)
}

pub async fn the_others_hear_what_they_joined_in_order<F: BusFixture>(fixture: &F) {
    let (one, mut hears_one) = joined(fixture, &["rooms", "products"]).await;
    let (two, mut hears_two) = joined(fixture, &["rooms"]).await;
    let (three, mut hears_all) = joined(fixture, &["rooms", "products", "carts"]).await;
    let rooms: Vec<Notice> =
        (1..=500).map(|seq| notice("rooms", &format!("room_{}", seq % 3), Some(seq), &format!("[{seq}]"))).collect();
    let product = notice("products", "prod_1", Some(7), "{}");
    rooms.chunks(7).for_each(|notices| one.publish(notices.to_vec()));
    one.publish(vec![product.clone(), notice("nobody", "x_1", Some(1), "")]);
    expect(&mut hears_two, &rooms).await;
    expect(&mut hears_all, &rooms).await;
    expect(&mut hears_all, std::slice::from_ref(&product)).await;

    // Nobody hears what they said themselves: the next that the first node hears is the second one's.
    let answer = notice("rooms", "room_1", Some(501), "");
    two.publish(vec![product, answer.clone()]);
    assert_eq!(next(&mut hears_one).await, Heard::Notice(notice("products", "prod_1", Some(7), "{}")));
    expect(&mut hears_one, &[answer]).await;
    for bus in [one, two, three] {
        bus.close().await;
    }
}

pub async fn signals_travel_without_a_number<F: BusFixture>(fixture: &F) {
    let (one, _) = joined(fixture, &[]).await;
    let (two, mut hears) = joined(fixture, &["rooms"]).await;
    let binary =
        Notice { payload: Bytes::from((0..=255).collect::<Vec<u8>>()), ..notice("rooms", "żółć ☕", None, "") };
    let signals = [notice("rooms", "room_1", None, r#"{"typing":true}"#), binary];
    one.publish(signals.to_vec());
    expect(&mut hears, &signals).await;
    for bus in [one, two] {
        bus.close().await;
    }
}

pub async fn who_left_hears_no_more<F: BusFixture>(fixture: &F) {
    let (one, _) = joined(fixture, &[]).await;
    let (two, mut hears) = joined(fixture, &["a", "b"]).await;
    two.join(vec!["a".into(), "c".into()]).await;
    two.leave(vec!["a".into(), "never".into()]).await;
    // Answered after the leaving before it.
    two.join(vec!["d".into()]).await;
    let last = notice("d", "x_1", Some(3), "");
    one.publish(vec![notice("a", "x_1", Some(1), ""), notice("c", "x_1", Some(2), ""), last.clone()]);
    expect(&mut hears, &[notice("c", "x_1", Some(2), ""), last]).await;
    for bus in [one, two] {
        bus.close().await;
    }
}

pub async fn many_channels_are_joined_at_once<F: BusFixture>(fixture: &F) {
    let (one, _) = joined(fixture, &[]).await;
    let (two, mut hears) = joined(fixture, &[]).await;
    let channels: Vec<Arc<str>> = (0..3_000).map(|number| format!("room_{number}").into()).collect();
    futures::future::join_all(channels.chunks(7).map(|part| two.join(part.to_vec()))).await;
    let notices: Vec<Notice> = channels.iter().map(|channel| notice(channel, "x_1", Some(1), "")).collect();
    one.publish(notices.clone());
    let mut heard = Vec::new();
    while heard.len() < notices.len() {
        let Heard::Notice(notice) = next(&mut hears).await else { panic!("a gap") };
        heard.push(notice);
    }
    heard.sort_by(|a, b| a.channel.cmp(&b.channel));
    let mut notices = notices;
    notices.sort_by(|a, b| a.channel.cmp(&b.channel));
    assert_eq!(heard, notices);
    for bus in [one, two] {
        bus.close().await;
    }
}

/// The journal has what is too long for a message; the number is told all the same.
pub async fn large_payloads_arrive_or_their_number_does<F: BusFixture>(fixture: &F) {
    let (one, _) = joined(fixture, &[]).await;
    let (two, mut hears) = joined(fixture, &["rooms"]).await;
    let (large, huge) = ("x".repeat(900_000), "y".repeat(3_000_000));
    one.publish(vec![
        notice("rooms", "room_1", Some(1), &large),
        notice("rooms", "room_1", Some(2), &huge),
        notice("rooms", "room_1", Some(3), &large),
    ]);
    for (seq, payload) in [(1, &large), (2, &huge), (3, &large)] {
        let Heard::Notice(heard) = next(&mut hears).await else { panic!("a gap") };
        assert_eq!(heard.seq, Some(seq));
        assert!(heard.payload.is_empty() && payload.len() > 1_000_000 || heard.payload == payload.as_bytes(), "{seq}");
    }
    for bus in [one, two] {
        bus.close().await;
    }
}

pub async fn a_lost_connection_is_told_and_mended<F: BusFixture>(fixture: &F) {
    let (one, _) = joined(fixture, &[]).await;
    let (two, mut hears) = joined(fixture, &["rooms"]).await;
    one.publish(vec![notice("rooms", "room_1", Some(1), "")]);
    expect(&mut hears, &[notice("rooms", "room_1", Some(1), "")]).await;
    fixture.interrupt().await;
    assert_eq!(next(&mut hears).await, Heard::Lost);
    assert_eq!(next(&mut hears).await, Heard::Gap);
    // What the other node cannot publish while its own connection is being made is a gap that it tells of.
    let mut seq = 2;
    let told = async {
        loop {
            one.publish(vec![notice("rooms", "room_1", Some(seq), "")]);
            seq += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let heard = async {
        loop {
            match next(&mut hears).await {
                Heard::Notice(notice) => break notice,
                Heard::Lost | Heard::Gap => {}
            }
        }
    };
    tokio::select! {
        () = told => {}
        notice = heard => assert!(notice.seq >= Some(2), "{notice:?}"),
    }
    for bus in [one, two] {
        bus.close().await;
    }
}

pub async fn the_listener_ends_with_the_bus<F: BusFixture>(fixture: &F) {
    let (one, mut hears_one) = joined(fixture, &["rooms"]).await;
    let (two, mut hears_two) = joined(fixture, &["rooms"]).await;
    let last = notice("rooms", "room_1", Some(1), "the last word");
    one.publish(vec![last.clone()]);
    one.close().await;
    assert_eq!(tokio::time::timeout(AT_MOST, hears_one.next()).await.expect("in time"), None);
    expect(&mut hears_two, &[last]).await;
    two.close().await;
    // Nobody is there any more; nothing happens.
    one.publish(vec![notice("rooms", "room_1", Some(2), "")]);
    one.join(vec!["rooms".into()]).await;
}
