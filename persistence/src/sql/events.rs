//! Journals as they are read: rows of entities and commits become events, and a gap among their numbers is damage.
//! Errors are sentences that name the entity.

use serde_json::value::RawValue;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use uuid::Uuid;

use crate::journal::{EntityId, Loaded, Recorded};

/// A row of what an entity is rebuilt from. The first is the entity with its snapshot: 0, head, time, the newest
/// commit's id, the snapshot's number and state. The others are commits: first, count, time, none, none, events.
pub(crate) type LoadedRow = (i64, i64, i64, Option<Vec<u8>>, Option<i64>, Option<String>);

pub(crate) fn take_loaded(loaded: &mut Loaded, entity: &EntityId, row: LoadedRow) -> Result<(), String> {
    let (first, number, at, commit_id, seq, text) = row;
    if first == 0 {
        loaded.head = number.cast_unsigned();
        loaded.at = Timestamp::from_millis(at);
        loaded.commit_id = commit_id.and_then(|id| Uuid::from_slice(&id).ok());
        loaded.snapshot = seq.map(i64::cast_unsigned).zip(text);
        Ok(())
    } else {
        extend(&mut loaded.tail, entity, (first, at, text.unwrap_or_default()))
    }
}

/// All rows were taken: the tail must go on from the snapshot to the head.
pub(crate) fn check_loaded(loaded: &Loaded, entity: &EntityId) -> Result<(), String> {
    let after = loaded.snapshot.as_ref().map_or(0, |(seq, _)| *seq);
    let last = check(entity, after, &loaded.tail)?;
    let head = loaded.head;
    if last == head { Ok(()) } else { Err(format!("{entity} stands at {head}, but its events end at {last}")) }
}

/// A commit: its first number, its time, its events.
pub(crate) type CommitRow = (i64, i64, String);

/// The events after a number, up to a limit.
pub(crate) struct Page<'e> {
    entity: &'e EntityId,
    after: Seq,
    limit: usize,
    events: Vec<Recorded>,
}

impl<'e> Page<'e> {
    pub(crate) fn new(entity: &'e EntityId, after: Seq, limit: usize) -> Self {
        Self { entity, after, limit, events: Vec::new() }
    }

    /// What the statement is given: the number, and how many commits are enough.
    pub(crate) fn bounds(&self) -> (i64, i64) {
        // A number beyond what a column holds is beyond every head all the same.
        let after = i64::try_from(self.after).unwrap_or(i64::MAX).min(i64::MAX - 1);
        // Each commit has at least one event, and the first may lie below `after`.
        (after, i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1))
    }

    pub(crate) fn is_full(&self) -> bool {
        self.events.len() >= self.limit
    }

    pub(crate) fn take(&mut self, commit: CommitRow) -> Result<(), String> {
        let mut events = Vec::new();
        extend(&mut events, self.entity, commit)?;
        self.events.extend(events.into_iter().filter(|event| event.seq > self.after));
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Vec<Recorded>, String> {
        self.events.truncate(self.limit);
        check(self.entity, self.after, &self.events)?;
        Ok(self.events)
    }
}

pub(crate) fn extend(
    events: &mut Vec<Recorded>,
    entity: &EntityId,
    (first, at, array): CommitRow,
) -> Result<(), String> {
    let array =
        split(&array).map_err(|error| format!("the events of {entity} from {first} on are no JSON: {error}"))?;
    let at = Timestamp::from_millis(at);
    events.extend((first.cast_unsigned()..).zip(array).map(|(seq, event)| Recorded { seq, at, event }));
    Ok(())
}

/// The events of a commit, in order; each byte for byte what it was.
pub(crate) fn split(array: &str) -> Result<Vec<String>, serde_json::Error> {
    let events: Vec<&RawValue> = serde_json::from_str(array)?;
    Ok(events.into_iter().map(|event| event.get().to_owned()).collect())
}

/// Returns the last number when the events go on after `after` without gaps.
fn check(entity: &EntityId, after: Seq, events: &[Recorded]) -> Result<Seq, String> {
    let mut last = after;
    for event in events {
        if event.seq != last + 1 {
            let found = event.seq;
            return Err(format!("{entity} has event {found} after event {last}"));
        }
        last = event.seq;
    }
    Ok(last)
}
