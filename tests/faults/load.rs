//! Writers that never give up, and what they remember of the answers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use souk_persistence::contract::fixture::{commit, entity};
use souk_persistence::error::AppendError;
use souk_persistence::journal::{EntityId, Journal, Relay};
use tokio::task::JoinHandle;

const WRITERS: u128 = 6;
const CALM: Duration = Duration::from_millis(700);
/// How long the world is broken.
pub const BROKEN: Duration = Duration::from_secs(3);
/// How long it may take until everybody writes again.
const RECOVERY: Duration = Duration::from_secs(30);

/// What one writer was told.
struct Told {
    entity: EntityId,
    /// Which of its attempts were acknowledged.
    acknowledged: Vec<u64>,
    slowest: Duration,
    failures: u64,
}

pub struct Load {
    writers: Vec<JoinHandle<Told>>,
    counts: Arc<Vec<AtomicU64>>,
    stop: Arc<AtomicBool>,
}

/// What all writers were told.
pub struct Stopped(Vec<Told>);

fn entities() -> Vec<EntityId> {
    (1..=WRITERS).map(|number| entity("ord", number)).collect()
}

impl Load {
    pub fn start(store: Arc<dyn Journal>) -> Self {
        let counts: Arc<Vec<AtomicU64>> = Arc::new(entities().iter().map(|_| AtomicU64::new(0)).collect());
        let stop = Arc::new(AtomicBool::new(false));
        let writers = entities().into_iter().enumerate().map(|(place, entity)| {
            let (store, counts, stop) = (Arc::clone(&store), Arc::clone(&counts), Arc::clone(&stop));
            tokio::spawn(async move { write(&*store, entity, &counts[place], &stop).await })
        });
        Self { writers: writers.collect(), counts, stop }
    }

    fn counted(&self) -> Vec<u64> {
        self.counts.iter().map(|count| count.load(Ordering::SeqCst)).collect()
    }

    /// Until every writer was acknowledged something that it had not been when this began.
    pub async fn all_write(&self) {
        let before = self.counted();
        let started = Instant::now();
        while self.counted().iter().zip(&before).any(|(now, before)| now <= before) {
            assert!(started.elapsed() < RECOVERY, "after {RECOVERY:?} not everybody writes: {:?}", self.counted());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn calm(&self) {
        self.all_write().await;
        tokio::time::sleep(CALM).await;
    }

    pub async fn stop(self) -> Stopped {
        self.stop.store(true, Ordering::SeqCst);
        let mut told = Vec::new();
        for writer in self.writers {
            told.push(writer.await.expect("a writer ends"));
        }
        Stopped(told)
    }
}

impl Stopped {
    /// Compares what the writers were told with what a store on the same server, reached directly, has.
    pub async fn check(self, what: &str, store: &dyn Journal, deadline: Duration) {
        let (mut acknowledged, mut failures, mut slowest) = (0, 0, Duration::ZERO);
        for told in self.0 {
            assert!(told.slowest <= deadline, "{what}: an answer took {:?}, and may take {deadline:?}", told.slowest);
            let events = store.events_after(&told.entity, 0, usize::MAX).await.expect("the journal reads");
            let mut written: BTreeMap<u64, u64> = BTreeMap::new();
            for (place, event) in events.iter().enumerate() {
                assert_eq!(event.seq, place as u64 + 1, "{what}: {} has a gap", told.entity);
                let event: serde_json::Value = serde_json::from_str(&event.event).expect("JSON");
                *written.entry(event["attempt"].as_u64().expect("a number")).or_default() += 1;
            }
            assert!(written.values().all(|times| *times == 1), "{what}: written twice: {written:?}");
            for attempt in &told.acknowledged {
                assert!(written.contains_key(attempt), "{what}: attempt {attempt} was acknowledged and is lost");
            }
            acknowledged += told.acknowledged.len();
            failures += told.failures;
            slowest = slowest.max(told.slowest);
        }
        println!("{what}: {acknowledged} acknowledged, {failures} told to try again, the slowest answer {slowest:?}");
    }
}

/// As an entity does it: after everything but success it reads its journal before it goes on.
async fn write(store: &dyn Journal, entity: EntityId, count: &AtomicU64, stop: &AtomicBool) -> Told {
    let mut told = Told { entity, acknowledged: Vec::new(), slowest: Duration::ZERO, failures: 0 };
    let mut head = None;
    let mut attempt = 0;
    while !stop.load(Ordering::SeqCst) {
        let started = Instant::now();
        let outcome = match head {
            None => store.load(&told.entity, 1).await.map(|loaded| head = Some(loaded.head)).map_err(|_| ()),
            Some(predecessor) => {
                attempt += 1;
                let event = format!(r#"{{"type":"tried.v1","attempt":{attempt}}}"#);
                let mut commit = commit(&told.entity, predecessor, &[&event]);
                commit.relay = Relay::Nobody;
                match store.append(commit).await {
                    Ok(()) => {
                        told.acknowledged.push(attempt);
                        count.fetch_add(1, Ordering::SeqCst);
                        head = Some(predecessor + 1);
                        Ok(())
                    }
                    Err(AppendError::Conflict { .. } | AppendError::NotDone(_) | AppendError::Unknown(_)) => {
                        head = None;
                        Err(())
                    }
                }
            }
        };
        told.slowest = told.slowest.max(started.elapsed());
        told.failures += u64::from(outcome.is_err());
        tokio::time::sleep(Duration::from_millis(if outcome.is_ok() { 5 } else { 50 })).await;
    }
    told
}
