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
