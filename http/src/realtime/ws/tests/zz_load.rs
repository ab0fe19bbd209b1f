use super::house::{House, person};
use crate::realtime::config::RealtimeConfig;
use std::time::Instant;
fn rss() -> u64 {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines().find(|l| l.starts_with("VmRSS")).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap()
}
#[tokio::test(flavor = "multi_thread")]
async fn load() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(folder.path(), RealtimeConfig::default()).await;
    let topic = house.public_room().await;
    let before = rss();
    let mut clients = Vec::new();
    for _ in 0..1000 {
        let mut c = house.connect().await;
        c.subscribe(&topic, None).await;
        clients.push(c);
    }
    println!("1000 sessions + clients: {} KiB each pair", (rss() - before) / 1000);
    let total = 200;
    let started = Instant::now();
    let readers: Vec<_> = clients.into_iter().map(|mut c| tokio::spawn(async move {
        for n in 0..total { assert_eq!(c.next().await["seq"], n + 2); }
        c
    })).collect();
    let ada = person("ada");
    for n in 0..total as usize { house.post(&topic, &ada, n).await; }
    println!("posted in {:?}", started.elapsed());
    let mut kept = Vec::new();
    for r in readers { kept.push(r.await.unwrap()); }
    println!("{} deliveries in {:?}, overflows {}", 1000 * total, started.elapsed(), house.realtime.status().overflows);
    drop(kept);
    house.close().await;
}
#[tokio::test(flavor = "multi_thread")]
async fn zz_order() {
    use souk_actors::viewer::Viewer;
    use serde_json::json;
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path()).await;
    let order = house.order().await;
    let viewer = Viewer { person: None, key: order.access_key.clone() };
    let topic = format!("order:{}", order.id);
    let mut client = house.connect().await;
    println!("START {}", client.ok(json!({"op":"subscribe","topic":topic,"since":0,"key":order.access_key})).await);
    println!("CANCEL {:?}", house.market.orders.cancel(order.id, &viewer).await.map(|v| v.status));
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    println!("MORE {}", client.has_nothing_more().await);
    loop { if client.has_nothing_more().await { break } println!("FRAME {}", client.next().await); }
    println!("AGAIN {}", client.ok(json!({"op":"subscribe","topic":topic,"since":0,"key":order.access_key})).await);
}
