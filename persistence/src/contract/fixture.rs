//! What an adapter gives the suite, and the commits that the cases write.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::AppendError;
use crate::journal::{Commit, EntityId, Journal, Loaded, Recorded, Relay, Snapshot};
use crate::rows::Row;

/// The version that the cases give their snapshots.
pub const VERSION: u32 = 7;

/// One store, empty when it is opened for the first time.
#[async_trait]
pub trait Fixture: Sync {
    type Store: Send + Sync;

    /// Opens the store. What was written before it was closed is there.
    async fn open(&self) -> Self::Store;

    /// Closes it in the adapter's own way, so that it can be opened again.
    async fn close(&self, store: Self::Store);
}

/// A commit to be filled in further.
pub fn commit(entity: &EntityId, predecessor: Seq, events: &[&str]) -> Commit {
    Commit {
        entity: entity.clone(),
        predecessor,
        commit_id: Uuid::new_v4(),
        at: Timestamp::from_millis(1_700_000_000_000 + predecessor as i64),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        snapshot: None,
        due_at: None,
        relay: Relay::Consumers,
        rows: Vec::new(),
    }
}

/// A commit of `count` events that each say which number they have.
pub fn numbered(entity: &EntityId, predecessor: Seq, count: u64) -> Commit {
    let events: Vec<String> = (predecessor + 1..=predecessor + count).map(numbered_event).collect();
    Commit { events, ..commit(entity, predecessor, &[]) }
}

pub fn numbered_event(seq: Seq) -> String {
    format!(r#"{{"type":"counted.v1","number":{seq}}}"#)
}

impl Commit {
    #[must_use]
    pub fn with_snapshot(mut self, version: u32, state: &str) -> Self {
        self.snapshot = Some(Snapshot { version, state: state.to_owned() });
        self
    }

    #[must_use]
    pub fn due(mut self, at: i64) -> Self {
        self.due_at = Some(Timestamp::from_millis(at));
        self
    }

    /// Of a kind that nobody is told of.
    #[must_use]
    pub fn told_to_nobody(mut self) -> Self {
        self.relay = Relay::Nobody;
        self
    }

    #[must_use]
    pub fn with_rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }
}

pub fn entity(kind: &str, number: u128) -> EntityId {
    // The text form of a TypeID is a prefix and 26 characters; any UUID will do.
    EntityId::new(format_args!("{kind}_{number:026}"))
}

pub async fn append(journal: &impl Journal, commit: Commit) {
    let what = format!("{} after {}", commit.entity, commit.predecessor);
    if let Err(error) = journal.append(commit).await {
        panic!("the commit of {what} was not accepted: {error}");
    }
}

/// Appends and expects that the store refuses it because the journal stands at `head`.
pub async fn refused(journal: &impl Journal, commit: Commit, head: Seq) {
    let what = format!("{} after {}", commit.entity, commit.predecessor);
    match journal.append(commit).await {
        Err(AppendError::Conflict { head: told }) => {
            assert_eq!(told, head, "the refusal of {what} names another head");
        }
        other => panic!("the commit of {what} should conflict with head {head}, got {other:?}"),
    }
}

pub async fn load(journal: &impl Journal, entity: &EntityId) -> Loaded {
    journal.load(entity, VERSION).await.unwrap_or_else(|error| panic!("{entity} does not load: {error}"))
}

pub async fn events_after(journal: &impl Journal, entity: &EntityId, after: Seq, limit: usize) -> Vec<Recorded> {
    let events = journal.events_after(entity, after, limit).await;
    events.unwrap_or_else(|error| panic!("the events of {entity} after {after} do not load: {error}"))
}

pub async fn head(journal: &impl Journal, entity: &EntityId) -> Seq {
    journal.head(entity).await.unwrap_or_else(|error| panic!("the head of {entity} does not load: {error}"))
}

/// The whole journal of an entity must be these events and no other.
pub async fn holds(journal: &impl Journal, entity: &EntityId, expected: &[String]) {
    let events = events_after(journal, entity, 0, usize::MAX).await;
    let seqs: Vec<Seq> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=expected.len() as Seq).collect::<Vec<_>>(), "the numbers of {entity}");
    let texts: Vec<&String> = events.iter().map(|event| &event.event).collect();
    assert_eq!(texts, expected.iter().collect::<Vec<_>>(), "the events of {entity}");
    assert_eq!(head(journal, entity).await, expected.len() as Seq, "the head of {entity}");
}

/// The whole journal of an entity must be `count` events that say their numbers.
pub async fn holds_numbered(journal: &impl Journal, entity: &EntityId, count: u64) {
    let expected: Vec<String> = (1..=count).map(numbered_event).collect();
    holds(journal, entity, &expected).await;
}
