//! A commit made ready for the writer. This is done by whoever appends, so that the writer only joins.

use std::sync::Arc;

use serde::de::IgnoredAny;

use super::cell::{Cell, bytes_of};
use super::rows::{self, EncodedRow};
use crate::journal::{Commit, EntityId, Relay};
use crate::sealing::PersonKey;

#[derive(Debug)]
pub(crate) struct EncodedCommit {
    pub entity: EntityId,
    /// entity, predecessor, head, count, commit id, time, due time, since when it waits for the relay, events.
    pub row: [Cell; 9],
    /// entity, number, version, state.
    pub snapshot: Option<[Cell; 4]>,
    pub rows: Vec<EncodedRow>,
    /// About as large as what is written.
    pub bytes: usize,
}

impl EncodedCommit {
    /// # Errors
    /// A sentence when the commit can never be written: no events, text that is no JSON, numbers
    /// beyond what a column holds.
    pub(crate) fn new(commit: Commit, new_keys: &[Arc<PersonKey>]) -> Result<Self, String> {
        let Commit { entity, predecessor, commit_id, at, events, snapshot, due_at, relay, rows } = commit;
        if events.is_empty() {
            return Err("a commit needs at least one event".to_owned());
        }
        let count = events.len() as i64;
        let head = i64::try_from(predecessor).ok().and_then(|predecessor| predecessor.checked_add(count));
        let head = head.ok_or_else(|| format!("the predecessor {predecessor} is too large"))?;
        let predecessor = head - count;

        let id = || Cell::Text(entity.as_str().to_owned());
        let row = [
            id(),
            Cell::Integer(predecessor),
            Cell::Integer(head),
            Cell::Integer(count),
            Cell::Text(commit_id.simple().to_string()),
            Cell::Integer(at.as_millis()),
            due_at.map_or(Cell::Null, |due_at| Cell::Integer(due_at.as_millis())),
            match relay {
                Relay::Nobody => Cell::Null,
                Relay::Consumers => Cell::Integer(at.as_millis()),
            },
            Cell::Long(join(&events)?),
        ];
        let snapshot = match snapshot {
            Some(snapshot) => {
                check_json(&snapshot.state).map_err(|error| format!("the snapshot is no JSON: {error}"))?;
                let version = Cell::Integer(i64::from(snapshot.version));
                Some([id(), Cell::Integer(head), version, Cell::Long(snapshot.state)])
            }
            None => None,
        };
        let first = (predecessor + 1).cast_unsigned();
        let mut rows: Vec<EncodedRow> =
            rows.into_iter().map(|row| rows::encode(row, &entity, first)).collect::<Result<_, _>>()?;
        rows.extend(new_keys.iter().map(|key| rows::encode_key(key)));
        let bytes = bytes_of(&row)
            + snapshot.as_ref().map_or(0, |cells| bytes_of(cells))
            + rows.iter().map(|row| bytes_of(&row.cells)).sum::<usize>();
        Ok(Self { entity, row, snapshot, rows, bytes })
    }
}

fn check_json(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<IgnoredAny>(text).map(|_| ())
}

/// The events as one JSON array; each stays byte for byte what it was.
fn join(events: &[String]) -> Result<String, String> {
    let mut array = String::with_capacity(events.iter().map(|event| event.len() + 1).sum::<usize>() + 1);
    for (index, event) in events.iter().enumerate() {
        check_json(event).map_err(|error| format!("event {} of the commit is no JSON: {error}", index + 1))?;
        array.push(if index == 0 { '[' } else { ',' });
        array.push_str(event);
    }
    array.push(']');
    Ok(array)
}
