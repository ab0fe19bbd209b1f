//! A commit made ready to be sent. This is done by whoever appends, so that the writer only sends.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::keys::{Keys, MOST_SEQ, part};
use crate::journal::{Commit, EntityId, Relay, Snapshot};
use crate::rows::{RoomRow, Row};
use crate::sealing::{PersonKey, Sealed};

/// Times are kept as numbers of Lua and of sorted sets, which are exact up to here: the year 287396.
const MOST_MILLIS: u64 = 1 << 53;

/// 32 bytes in hexadecimal.
const SECRET_DIGITS: usize = 64;

/// The keys and the arguments of the script that appends.
#[derive(Debug)]
pub(super) struct EncodedCommit {
    pub keys: Vec<String>,
    pub arguments: Vec<Vec<u8>>,
    /// About as large as what is sent.
    pub bytes: usize,
}

impl EncodedCommit {
    /// # Errors
    /// A sentence when the commit can never be written: no events, text that is no JSON, numbers beyond what is kept
    /// exactly, rows of another domain.
    pub fn new(sealed: Sealed, names: &Keys) -> Result<Self, String> {
        let Sealed { commit, new_keys } = sealed;
        let head = commit.head();
        let Commit { entity, predecessor, commit_id, at, events, snapshot, due_at, relay, rows } = commit;
        if events.is_empty() {
            return Err("a commit needs at least one event".to_owned());
        }
        if head > MOST_SEQ {
            return Err(format!("the predecessor {predecessor} is too large"));
        }
        for time in due_at.iter().chain([&at]) {
            if time.as_millis().unsigned_abs() > MOST_MILLIS {
                return Err(format!("{} milliseconds are too far away to be kept", time.as_millis()));
            }
        }
        let (version, state) = match snapshot {
            Some(Snapshot { version, state }) => {
                check_json(&state).map_err(|error| format!("the snapshot is no JSON: {error}"))?;
                (version.to_string(), state)
            }
            None => (String::new(), String::new()),
        };
        let room = room(rows, &entity)?;
        let (json, row_at) = match &room {
            Some(room) => {
                (serde_json::to_string(room).map_err(|error| error.to_string())?, room.at.as_millis().to_string())
            }
            None => (String::new(), String::new()),
        };
        let relay = match relay {
            Relay::Nobody => "0",
            Relay::Consumers => "1",
        };
        let mut arguments: Vec<Vec<u8>> = vec![
            entity.as_str().into(),
            predecessor.to_string().into(),
            (predecessor + 1).to_string().into(),
            head.to_string().into(),
            commit_id.simple().to_string().into(),
            at.as_millis().to_string().into(),
            join(&events)?.into(),
            due_at.map_or(String::new(), |due_at| due_at.as_millis().to_string()).into(),
            relay.into(),
            version.into(),
            state.into(),
            json.into(),
            new_keys.len().to_string().into(),
            row_at.into(),
        ];
        let part = part(&entity);
        let mut keys = vec![
            names.log(&entity),
            names.now(&entity),
            names.ids(part),
            names.due(part),
            names.unrelayed(part),
            names.secrets(part),
        ];
        for key in &new_keys {
            keys.push(names.person(part, &key.person));
            arguments.push(key.id.simple().to_string().into());
            arguments.push(secret(key).into());
        }
        keys.extend(room.iter().flat_map(|room| &room.members).map(|member| names.inbox(part, member)));
        let bytes = keys.iter().map(|key| key.len() + 16).sum::<usize>()
            + arguments.iter().map(|argument| argument.len() + 16).sum::<usize>();
        Ok(Self { keys, arguments, bytes })
    }
}

/// The room as it is after the commit; none when the commit does not say.
fn room(rows: Vec<Row>, entity: &EntityId) -> Result<Option<RoomRow>, String> {
    let mut found = None;
    for row in rows {
        match row {
            Row::Room(row) if row.id.to_string() == entity.as_str() => found = Some(row),
            Row::Room(row) => return Err(format!("a commit of {entity} brings a row of {}", row.id)),
            Row::Product(_)
            | Row::Variant(_)
            | Row::Hold(_)
            | Row::Order(_)
            | Row::DiscountClaim(_)
            | Row::Payment(_) => {
                return Err("only rooms are kept on Redis".to_owned());
            }
        }
    }
    Ok(found)
}

/// A person's key: the secret in hexadecimal, then whose it is.
pub(super) fn secret(key: &PersonKey) -> String {
    format!("{}{}", hex::encode(key.secret), key.person)
}

/// None: not what [`secret`] makes.
pub(super) fn read_secret(id: uuid::Uuid, kept: &str) -> Option<PersonKey> {
    let (secret, person) = kept.split_at_checked(SECRET_DIGITS)?;
    PersonKey::stored(id.as_bytes(), person.to_owned(), &hex::decode(secret).ok()?).ok()
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

/// The events of a commit, in order.
pub(super) fn split(array: &str) -> Result<Vec<String>, serde_json::Error> {
    let events: Vec<&RawValue> = serde_json::from_str(array)?;
    Ok(events.into_iter().map(|event| event.get().to_owned()).collect())
}
