//! An entity from its first event, and from its snapshot: both must come to the same.

use souk_domain::aggregate::{Aggregate, Seq};
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Journal};

use super::report::Report;

const EVENTS_AT_ONCE: usize = 1_000;

/// An entity rebuilt from all its events.
pub struct Replayed<A: Aggregate> {
    pub id: EntityId,
    pub state: A,
    pub seq: Seq,
}

/// Rebuilds an entity and notes gaps, events that cannot be read, and a snapshot that tells another
/// story. `each` sees every event. None when it cannot be rebuilt.
pub async fn replay<A: Aggregate>(
    journal: &dyn Journal,
    id: &EntityId,
    report: &mut Report,
    mut each: impl FnMut(Seq, Timestamp, &A::Event, &mut Report),
) -> Result<Option<Replayed<A>>, StoreError> {
    let (mut state, mut seq) = (A::default(), 0);
    report.entities += 1;
    loop {
        let recorded = journal.events_after(id, seq, EVENTS_AT_ONCE).await?;
        if recorded.is_empty() {
            break;
        }
        for recorded in recorded {
            if recorded.seq != seq + 1 {
                report.violated(id, "a journal has no gaps", format!("{} follows {seq}", recorded.seq));
                return Ok(None);
            }
            seq = recorded.seq;
            match serde_json::from_str::<A::Event>(&recorded.event) {
                Ok(event) => {
                    state.evolve(&event);
                    each(seq, recorded.at, &event, report);
                }
                Err(error) => {
                    report.violated(id, "every event can be read", format!("event {seq}: {error}"));
                    return Ok(None);
                }
            }
        }
    }
    report.events += seq;
    compare_with_snapshot(journal, id, &state, seq, report).await?;
    Ok(Some(Replayed { id: id.clone(), state, seq }))
}

async fn compare_with_snapshot<A: Aggregate>(
    journal: &dyn Journal,
    id: &EntityId,
    state: &A,
    seq: Seq,
    report: &mut Report,
) -> Result<(), StoreError> {
    let loaded = match journal.load(id, A::SNAPSHOT_VERSION).await {
        Ok(loaded) => loaded,
        Err(StoreError::Damaged(reason)) => {
            report.violated(id, "an entity can be loaded", reason);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    // A running server may have written more since.
    if loaded.head != seq {
        return Ok(());
    }
    let Some((at, text)) = loaded.snapshot else { return Ok(()) };
    let rebuilt = serde_json::from_str::<A>(&text).ok().map(|mut state| {
        for recorded in &loaded.tail {
            if let Ok(event) = serde_json::from_str(&recorded.event) {
                state.evolve(&event);
            }
        }
        state
    });
    let same = rebuilt.is_some_and(|rebuilt| serde_json::to_value(&rebuilt).ok() == serde_json::to_value(state).ok());
    if !same {
        report.violated(
            id,
            "snapshot and events tell the same",
            format!("the snapshot at {at} does not lead to the state at {seq}"),
        );
    }
    Ok(())
}

/// An entity as the store loads it, for a look at another one's counterpart.
pub async fn load<A: Aggregate>(journal: &dyn Journal, id: &EntityId) -> Result<A, StoreError> {
    let loaded = journal.load(id, A::SNAPSHOT_VERSION).await?;
    let damaged = |error: serde_json::Error| StoreError::Damaged(format!("{id}: {error}"));
    let mut state: A = match &loaded.snapshot {
        Some((_, text)) => serde_json::from_str(text).map_err(damaged)?,
        None => A::default(),
    };
    for recorded in &loaded.tail {
        state.evolve(&serde_json::from_str(&recorded.event).map_err(damaged)?);
    }
    Ok(state)
}
