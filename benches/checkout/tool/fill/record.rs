//! Events as a commit of the journal.

use souk_domain::aggregate::{Aggregate, Seq};
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Snapshot};
use souk_persistence::rows::Row;
use uuid::Uuid;

/// A commit after `predecessor` with the state that it leads to.
///
/// # Errors
/// When an event has no form in JSON.
pub fn commit<A: Aggregate>(
    entity: EntityId,
    predecessor: Seq,
    (state, events): (&A, &[A::Event]),
    at: Timestamp,
    rows: Vec<Row>,
) -> serde_json::Result<Commit> {
    let events = events.iter().map(serde_json::to_string).collect::<serde_json::Result<_>>()?;
    let due_at = state.due_at();
    Ok(Commit { entity, predecessor, commit_id: Uuid::new_v4(), at, events, snapshot: None, due_at, rows })
}

/// # Errors
/// When the state has no form in JSON.
pub fn snapshot<A: Aggregate>(state: &A) -> serde_json::Result<Snapshot> {
    Ok(Snapshot { version: A::SNAPSHOT_VERSION, state: serde_json::to_string(state)? })
}
