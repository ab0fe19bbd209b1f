//! The runtime with a toy entity, on a real journal that can be told to fail.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef};
use serde::{Deserialize, Serialize};
use souk_actors::runtime::directory::Directory;
use souk_actors::runtime::entity::{Committed, Entity, Limits};
use souk_actors::runtime::error::{CallError, Unavailable};
use souk_actors::runtime::sweeper;
use souk_actors::runtime::tenure::Tenure;
use souk_actors::runtime::world::{Clock, SystemChance, SystemClock};
use souk_domain::aggregate::{Aggregate, Seq};
use souk_domain::time::Timestamp;
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::{Commit, Due, EntityId, Journal, Loaded, Recorded, Unrelayed};
use souk_persistence::rows::Row;
use souk_persistence::sqlite::{DataFolder, SqliteChatStore, SqliteOptions};

/// Counts, refuses to go above a hundred thousand, and panics when told to.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Counter {
    count: u64,
    alarm: Option<Timestamp>,
}

#[derive(Debug)]
enum CounterCommand {
    Add(u64),
    Panic,
    SetAlarm(Timestamp),
    Ring,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum CounterEvent {
    Added(u64),
    AlarmSet(Timestamp),
    Rang,
}

impl Aggregate for Counter {
    const SNAPSHOT_VERSION: u32 = 1;
    type Command = CounterCommand;
    type Event = CounterEvent;
    type Refusal = &'static str;
    type Answer = u64;

    fn decide(&self, command: &CounterCommand, now: Timestamp) -> Result<Vec<CounterEvent>, &'static str> {
        match command {
            CounterCommand::Add(more) if self.count + more > 100_000 => Err("too much"),
            CounterCommand::Add(more) => Ok(vec![CounterEvent::Added(*more)]),
            CounterCommand::Panic => panic!("told to"),
            CounterCommand::SetAlarm(at) => Ok(vec![CounterEvent::AlarmSet(*at)]),
            CounterCommand::Ring if self.alarm.is_some_and(|at| now >= at) => Ok(vec![CounterEvent::Rang]),
            CounterCommand::Ring => Ok(vec![]),
        }
    }

    fn evolve(&mut self, event: &CounterEvent) {
        match event {
            CounterEvent::Added(more) => self.count += more,
            CounterEvent::AlarmSet(at) => self.alarm = Some(*at),
            CounterEvent::Rang => {
                self.alarm = None;
                self.count += 1_000;
            }
        }
    }

    fn answer(&self, _command: &CounterCommand) -> u64 {
        self.count
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.alarm
    }
}

struct CounterEntity {
    journal: Arc<dyn Journal>,
    published: AtomicU32,
}

impl Entity for CounterEntity {
    type Aggregate = Counter;
    type Step = ();
    const KIND: &'static str = "counter";

    fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    fn rows(&self, _change: &Committed<'_, Counter>) -> Vec<Row> {
        vec![]
    }

    fn publish(&self, _change: &Committed<'_, Counter>) {
        self.published.fetch_add(1, Ordering::Relaxed);
    }

    fn wake(&self) -> Option<CounterCommand> {
        Some(CounterCommand::Ring)
    }
}

/// Hands everything on, except what it was told to fail.
struct FaultyJournal {
    inner: Arc<SqliteChatStore>,
    faults: std::sync::Mutex<Vec<AppendError>>,
    appends: AtomicU32,
    loads: AtomicU32,
}

#[async_trait]
impl Journal for FaultyJournal {
    fn engine(&self) -> &'static str {
        self.inner.engine()
    }
    async fn append(&self, commit: Commit) -> Result<(), AppendError> {
        self.appends.fetch_add(1, Ordering::Relaxed);
        let fault = self.faults.lock().unwrap().pop();
        match fault {
            None => self.inner.append(commit).await,
            // Written, although the writer is told that nobody knows.
            Some(AppendError::Unknown(reason)) => {
                self.inner.append(commit).await?;
                Err(AppendError::Unknown(reason))
            }
            Some(fault) => Err(fault),
        }
    }
    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.inner.load(entity, snapshot_version).await
    }
    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.inner.events_after(entity, after, limit).await
    }
    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError> {
        self.inner.head(entity).await
    }
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError> {
        self.inner.due(now, limit).await
    }
    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError> {
        self.inner.entities(kind, after, limit).await
    }
    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError> {
        self.inner.unrelayed(limit).await
    }
    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError> {
        self.inner.mark_relayed(entity, to).await
    }
    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError> {
        self.inner.archive(entity, through).await
    }
}

struct Root;

impl Actor for Root {
    type Msg = ();
    type State = ();
    type Arguments = ();
    async fn pre_start(&self, _myself: ActorRef<()>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }
}

struct Counters {
    directory: Directory<CounterEntity>,
    journal: Arc<FaultyJournal>,
    entity: Arc<CounterEntity>,
    root: ActorCell,
}

impl Counters {
    async fn start(path: &Path, limits: Limits) -> Self {
        let folder = DataFolder::open(path).unwrap();
        let inner = Arc::new(SqliteChatStore::open(&folder, &SqliteOptions::default()).await.unwrap());
        let journal = Arc::new(FaultyJournal {
            inner,
            faults: Default::default(),
            appends: AtomicU32::new(0),
            loads: AtomicU32::new(0),
        });
        let entity = Arc::new(CounterEntity { journal: journal.clone(), published: AtomicU32::new(0) });
        let directory = Directory::new(entity.clone(), Arc::new(SystemClock), Arc::new(SystemChance), limits);
        let root = Actor::spawn(None, Root, ()).await.unwrap().0.get_cell();
        directory.start(&root).await.unwrap();
        Self { directory, journal, entity, root }
    }

    async fn add(&self, name: &str, more: u64) -> Result<u64, CallError<&'static str>> {
        self.directory.call(&id(name), CounterCommand::Add(more)).await
    }

    fn fail_next(&self, fault: AppendError) {
        self.journal.faults.lock().unwrap().push(fault);
    }

    async fn stop(self) {
        self.directory.stop().await;
        self.root.stop_and_wait(None, None).await.unwrap();
        self.journal.inner.close().await;
    }
}

fn id(name: &str) -> EntityId {
    EntityId::new(format!("counter_{name}"))
}

fn patient(limits: Limits) -> Limits {
    Limits { idle_after: Duration::from_secs(3600), ..limits }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_share_a_commit_and_each_gets_its_own_answer() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let calls = (0..2_000).map(|_| counters.add("a", 1));
    let mut answers: Vec<u64> = join_all(calls).await.into_iter().map(Result::unwrap).collect();
    answers.sort_unstable();
    assert_eq!(answers, (1..=2_000).collect::<Vec<_>>());
    let appends = counters.journal.appends.load(Ordering::Relaxed);
    assert!(appends < 500, "2,000 calls took {appends} commits");
    assert_eq!(counters.entity.published.load(Ordering::Relaxed), appends, "published once for each commit");
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_to_be_new_is_not_read_and_nobody_is_answered_from_that() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let loads = |counters: &Counters| counters.journal.loads.load(Ordering::Relaxed);
    assert_eq!(counters.directory.call_new(&id("new"), CounterCommand::Add(1)).await, Ok(1));
    assert_eq!(counters.add("new", 1).await, Ok(2));
    assert_eq!(loads(&counters), 0);
    counters.add("old", 7).await.unwrap();
    counters.add("due", 5).await.unwrap();
    counters.stop().await;

    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    // The store refuses what was decided on an empty journal, and it is decided again.
    assert_eq!(counters.directory.call_new(&id("old"), CounterCommand::Add(1)).await, Ok(8));
    // What would write nothing has to know first: nothing is due, and a refusal is of the real state.
    assert_eq!(counters.directory.call_new(&id("due"), CounterCommand::Ring).await, Ok(5));
    assert_eq!(
        counters.directory.call_new(&id("new"), CounterCommand::Add(99_999)).await,
        Err(CallError::Refused("too much"))
    );
    assert_eq!(loads(&counters), 3);

    // Who waits for something new waits for what is written; who asks for what is there reads it.
    let later = id("later");
    let seen = |counter: &Counter| (counter.count > 0).then_some(counter.count);
    let waiting = counters.directory.watch_new(&later, Duration::from_secs(5), seen);
    let adding = counters.directory.call_new(&later, CounterCommand::Add(3));
    let (waited, added) = tokio::join!(waiting, adding);
    assert_eq!((waited, added), (Ok(3), Ok(3)));
    assert_eq!(loads(&counters), 3);
    counters.stop().await;

    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let (waited, looked) = tokio::join!(
        counters.directory.watch_new(&later, Duration::from_secs(5), seen),
        counters.directory.watch(&later, Duration::from_secs(5), seen),
    );
    assert_eq!((waited, looked), (Ok(3), Ok(3)));
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_hits_one_entity_which_is_back_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    counters.add("bad", 7).await.unwrap();
    let bad = id("bad");
    let (panicking, queued, others) = tokio::join!(
        counters.directory.call(&bad, CounterCommand::Panic),
        counters.add("bad", 1),
        join_all((0..50).map(|number| {
            let name = format!("good{number}");
            let counters = &counters;
            async move {
                for expected in 1..=20 {
                    assert_eq!(counters.add(&name, 1).await, Ok(expected), "the others never notice");
                }
            }
        })),
    );
    assert_eq!(others.len(), 50);
    assert_eq!(panicking, Err(CallError::Unavailable(Unavailable::Crashed)));
    assert!(matches!(queued, Ok(8) | Err(CallError::Unavailable(Unavailable::Crashed))), "{queued:?}");
    let before = if queued.is_ok() { 8 } else { 7 };
    let back = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        loop {
            ticks.tick().await;
            match counters.add("bad", 1).await {
                Ok(count) => return count,
                Err(error) => assert_eq!(error, CallError::Unavailable(Unavailable::Crashed)),
            }
        }
    };
    let count = tokio::time::timeout(Duration::from_secs(1), back).await.expect("back within a second");
    assert_eq!(count, before + 1, "from its journal");
    assert_eq!(counters.directory.vitals().restarts, 1);
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_certainly_not_written_is_forgotten_and_may_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    counters.add("a", 1).await.unwrap();
    counters.fail_next(AppendError::NotDone("the disk is full".into()));
    assert_eq!(counters.add("a", 10).await, Err(CallError::Unavailable(Unavailable::Store)));
    assert_eq!(counters.add("a", 100).await, Ok(101), "the refused ten left no trace");
    assert_eq!(counters.directory.vitals().restarts, 0);
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_unknown_outcome_the_journal_tells() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    counters.add("a", 1).await.unwrap();
    counters.fail_next(AppendError::Unknown("the connection broke".into()));
    assert_eq!(counters.add("a", 10).await, Err(CallError::Unavailable(Unavailable::Crashed)));
    let count = loop {
        match counters.add("a", 100).await {
            Ok(count) => break count,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!(count, 111, "it was written after all");
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_of_one_journal_lose_nothing_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let one = Counters::start(folder.path(), patient(Limits::default())).await;
    // A second activation of the same entities on the same store, as on another node.
    let other = Directory::new(one.entity.clone(), Arc::new(SystemClock), Arc::new(SystemChance), Limits::default());
    other.start(&one.root).await.unwrap();
    for _ in 0..20 {
        let (first, second) = tokio::join!(
            join_all((0..10).map(|_| one.add("a", 1))),
            join_all((0..10).map(|_| {
                let id = id("a");
                let other = &other;
                async move { other.call(&id, CounterCommand::Add(1)).await }
            })),
        );
        assert!(first.into_iter().chain(second).all(|answer| answer.is_ok()));
    }
    assert_eq!(one.add("a", 0).await.ok(), Some(400));
    other.stop().await;
    one.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_entity_sleeps_and_a_call_wakes_it() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { idle_after: Duration::ZERO, ..Limits::default() };
    let counters = Counters::start(folder.path(), limits).await;
    counters.add("a", 5).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let sweeping = sweeper::start(counters.directory.clone(), clock, Duration::from_millis(2), Tenure::always());
    let asleep = async {
        while counters.directory.vitals().alive > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), asleep).await.expect("it goes to sleep");
    // Calls that race with falling asleep are answered all the same.
    for expected in 6..=300 {
        assert_eq!(counters.add("a", 1).await, Ok(expected));
    }
    assert!(counters.directory.vitals().passivated > 0);
    sweeping.abort();
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_woken_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let soon = SystemClock.now().plus(Duration::from_millis(50));
    counters.directory.call(&id("a"), CounterCommand::SetAlarm(soon)).await.unwrap();
    counters.stop().await;

    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let sweeping = sweeper::start(counters.directory.clone(), clock, Duration::from_millis(10), Tenure::always());
    let has_rung = |counter: &Counter| (counter.count == 1_000).then_some(());
    counters.directory.watch(&id("a"), Duration::from_secs(5), has_rung).await.expect("the alarm rang");
    sweeping.abort();
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_beyond_the_bound_are_turned_away_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { calls_per_entity: 4, ..patient(Limits::default()) };
    let counters = Counters::start(folder.path(), limits).await;
    let answers = join_all((0..200).map(|_| counters.add("a", 1))).await;
    let (taken, busy): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(busy.iter().all(|answer| *answer == Err(CallError::Unavailable(Unavailable::Busy))) && !busy.is_empty());
    assert_eq!(counters.add("a", 0).await, Ok(taken.len() as u64), "what was turned away had no effect");
    counters.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_answers_everything_that_was_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let directory = counters.directory.clone();
    let calls: Vec<_> = (0..500)
        .map(|number| {
            let directory = directory.clone();
            tokio::spawn(async move { directory.call(&id(&format!("c{}", number % 10)), CounterCommand::Add(1)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    counters.directory.stop().await;
    let mut acknowledged = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => acknowledged += 1,
            Err(error) => assert_eq!(error, CallError::Unavailable(Unavailable::Stopping)),
        }
    }
    let mut kept = 0;
    for number in 0..10 {
        kept += counters.journal.head(&id(&format!("c{number}"))).await.unwrap();
    }
    assert_eq!(kept, acknowledged, "acknowledged is durable, and nothing else is");
    counters.root.stop_and_wait(None, None).await.unwrap();
    counters.journal.inner.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_journal_is_rebuilt_from_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    for _ in 0..3 {
        join_all((0..400).map(|_| counters.add("a", 1))).await;
    }
    counters.stop().await;
    let counters = Counters::start(folder.path(), patient(Limits::default())).await;
    let loaded = counters.journal.load(&id("a"), 1).await.unwrap();
    assert!(loaded.snapshot.is_some() && loaded.tail.len() < 1_200, "{} events behind the snapshot", loaded.tail.len());
    assert_eq!(counters.add("a", 0).await, Ok(1_200));
    counters.stop().await;
}
