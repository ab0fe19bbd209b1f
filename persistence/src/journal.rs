//! The port of a journal: numbered events of entities, appended after a named predecessor.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Serialize;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::{AppendError, StoreError};
use crate::rows::Row;

/// The text form of an entity's TypeID. Its prefix names the kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct EntityId(Arc<str>);

impl EntityId {
    pub fn new(id: impl fmt::Display) -> Self {
        Self(id.to_string().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The prefix of the TypeID: `prod`, `cart`, `ord`, `pay`, `room`.
    pub fn kind(&self) -> &str {
        self.0.rsplit_once('_').map_or("", |(kind, _)| kind)
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The state after the last event of the commit it comes with.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub version: u32,
    /// JSON.
    pub state: String,
}

/// Whether the consumers of the outbox are to be told of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relay {
    /// Nobody is told of this kind: the relay mark follows the head by itself, and the relay has no work.
    Nobody,
    /// The relay has to look at it.
    Consumers,
}

/// One or more events of one entity that are written together or not at all, with all that follows
/// from them.
#[derive(Debug, Clone)]
pub struct Commit {
    pub entity: EntityId,
    /// The number of the newest event the writer knows; 0 for the first commit.
    pub predecessor: Seq,
    /// Random: a writer that does not know the outcome finds its own commit by it.
    pub commit_id: Uuid,
    pub at: Timestamp,
    /// JSON objects, numbered predecessor + 1, + 2, ... At least one.
    pub events: Vec<String>,
    pub snapshot: Option<Snapshot>,
    /// When the entity wants to be woken after this commit; none clears it.
    pub due_at: Option<Timestamp>,
    pub relay: Relay,
    /// The read model after this commit.
    pub rows: Vec<Row>,
}

impl Commit {
    /// The entity's newest number once this commit is written.
    pub fn head(&self) -> Seq {
        self.predecessor + self.events.len() as Seq
    }
}

/// An event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub seq: Seq,
    pub at: Timestamp,
    /// JSON.
    pub event: String,
}

/// What an entity is rebuilt from. An unknown entity has head 0 and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    pub head: Seq,
    /// The time of the newest commit; `now` never goes before it.
    pub at: Timestamp,
    /// The id of the newest commit.
    pub commit_id: Option<Uuid>,
    /// The snapshot and the number it was taken at, when its version is the one asked for.
    pub snapshot: Option<(Seq, String)>,
    /// Every event after the snapshot (or from 1), without gaps up to the head.
    pub tail: Vec<Recorded>,
}

/// An entity that wants to be woken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub entity: EntityId,
    pub due_at: Timestamp,
}

/// An entity with events that were not relayed to the consumers of the outbox yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrelayed {
    pub entity: EntityId,
    pub relayed_to: Seq,
    pub head: Seq,
}

/// The journals of one domain.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// What keeps it, by the name that the status board shows.
    fn engine(&self) -> &'static str;

    /// Writes the commit if its predecessor is the newest event. Durable when it returns `Ok`.
    async fn append(&self, commit: Commit) -> Result<(), AppendError>;

    /// All that is needed to rebuild an entity; archived commits are read where no snapshot covers them.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the numbers have a gap.
    async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError>;

    /// Up to `limit` events with numbers above `after`, in order, archived ones too.
    async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError>;

    /// The newest number of an entity; 0 when it is unknown.
    async fn head(&self, entity: &EntityId) -> Result<Seq, StoreError>;

    /// The newest numbers of many entities, in their order; 0 for an unknown one. An adapter asks once for all.
    async fn heads(&self, entities: &[EntityId]) -> Result<Vec<Seq>, StoreError> {
        let mut heads = Vec::with_capacity(entities.len());
        for entity in entities {
            heads.push(self.head(entity).await?);
        }
        Ok(heads)
    }

    /// Up to `limit` entities that are due at `now`, the most overdue first.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>, StoreError>;

    /// Up to `limit` entities of a kind with an id above `after`, in the order of their ids.
    async fn entities(&self, kind: &str, after: Option<&EntityId>, limit: usize) -> Result<Vec<EntityId>, StoreError>;

    /// Up to `limit` entities whose relay mark is behind their head.
    async fn unrelayed(&self, limit: usize) -> Result<Vec<Unrelayed>, StoreError>;

    /// Moves the relay mark forward to `to`; never back, never past the head.
    async fn mark_relayed(&self, entity: &EntityId, to: Seq) -> Result<(), StoreError>;

    /// Moves commits that lie wholly at or below `through`, and at or below the newest snapshot, to
    /// the archive. Returns how many moved. They stay readable, and their numbers stay taken.
    async fn archive(&self, entity: &EntityId, through: Seq) -> Result<u64, StoreError>;
}
