//! How many commits a second one file takes: `append_throughput [writers] [seconds] [bytes]`.
//! Each writer owns an entity and appends one event after the other, as fast as it is answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal, Relay};
use souk_persistence::sqlite::{DataFolder, SqliteChatStore, SqliteOptions, SqliteStore};
use uuid::Uuid;

#[tokio::main]
async fn main() {
    let argument = |place: usize, default: u64| {
        std::env::args().nth(place).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (writers, seconds, bytes) = (argument(1, 256), argument(2, 5), argument(3, 200));
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(temporary.path()).expect("the data folder opens");
    let store: SqliteChatStore = SqliteStore::open(&folder, &SqliteOptions::default()).await.expect("the store opens");
    let store = std::sync::Arc::new(store);

    let event = format!(r#"{{"type":"said.v1","text":"{}"}}"#, "x".repeat(bytes.saturating_sub(28) as usize));
    let slowest = std::sync::Arc::new(AtomicU64::new(0));
    let begin = Instant::now();
    let end = begin + Duration::from_secs(seconds);
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (store, event, slowest) = (store.clone(), event.clone(), slowest.clone());
            let entity = EntityId::new(format_args!("room_{}", Uuid::now_v7().simple()));
            tokio::spawn(async move {
                let mut predecessor = 0;
                while Instant::now() < end {
                    let sent = Instant::now();
                    let commit = Commit {
                        entity: entity.clone(),
                        predecessor,
                        commit_id: Uuid::new_v4(),
                        at: Timestamp::from_millis(1_700_000_000_000),
                        events: vec![event.clone()],
                        snapshot: None,
                        due_at: None,
                        relay: Relay::Nobody,
                        rows: Vec::new(),
                    };
                    store.append(commit).await.expect("accepted");
                    slowest.fetch_max(sent.elapsed().as_micros() as u64, Ordering::Relaxed);
                    predecessor += 1;
                }
                predecessor
            })
        })
        .collect();
    let mut commits = 0;
    for task in tasks {
        commits += task.await.expect("the writer ends");
    }
    let elapsed = begin.elapsed();
    let rate = commits as f64 / elapsed.as_secs_f64();
    let mean = elapsed.as_secs_f64() * 1_000.0 * writers as f64 / commits as f64;
    let slowest = slowest.load(Ordering::Relaxed) as f64 / 1_000.0;
    println!("{writers} writers: {rate:.0} commits a second, {mean:.2} ms each, {slowest:.1} ms the slowest");
    store.close().await;
}
