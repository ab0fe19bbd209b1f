//! Reading journals: rebuilding an entity, and the events after a number.

use redis::{FromRedisValue, Value, from_redis_value};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::archive::unpack;
use super::encoding::split;
use super::errors::unexpected;
use super::keys::number;
use super::store::Server;
use crate::error::StoreError;
use crate::journal::{EntityId, Loaded, Recorded};

/// Of one page: so many commits, or about so many bytes. The server does nothing else meanwhile.
const PAGE_COMMITS: usize = 512;
const PAGE_BYTES: usize = 512 * 1024;

/// Where a page begins.
enum From {
    /// Behind the snapshot of this version, or at the beginning where there is none.
    Snapshot(u32),
    After(Seq),
}

/// An entity and a page of its journal, of one moment.
struct Page {
    head: Seq,
    at: Timestamp,
    commit_id: Option<Uuid>,
    snapshot: Option<(Seq, String)>,
    /// Events up to this one were given up.
    forgotten: Seq,
    /// The page holds events above this number, and below it only those of a commit that also has some above.
    begins: Seq,
    events: Vec<Recorded>,
}

impl Server {
    pub async fn load(&self, entity: &EntityId, snapshot_version: u32) -> Result<Loaded, StoreError> {
        let Some(page) = self.page(entity, &From::Snapshot(snapshot_version), PAGE_COMMITS).await? else {
            return Ok(Loaded::default());
        };
        let Page { head, at, commit_id, snapshot, forgotten, begins: _, events } = page;
        let after = snapshot.as_ref().map_or(0, |(seq, _)| *seq);
        if after < forgotten {
            return Err(StoreError::Damaged(format!(
                "the events of {entity} up to {forgotten} were given up, and no snapshot of version \
                 {snapshot_version} covers them: take the version of the program that last wrote it, or restore a backup"
            )));
        }
        let mut tail = events;
        let mut last = follow(entity, after, &mut tail)?;
        while last < head {
            let page = self.page(entity, &From::After(last), PAGE_COMMITS).await?;
            let mut more = page.map(|page| page.events).unwrap_or_default();
            // Written since the first page was read.
            more.retain(|event| event.seq <= head);
            let reached = follow(entity, last, &mut more)?;
            if reached == last {
                return Err(StoreError::Damaged(format!("{entity} stands at {head}, but its events end at {last}")));
            }
            tail.append(&mut more);
            last = reached;
        }
        if last > head {
            return Err(StoreError::Damaged(format!("{entity} stands at {head}, but its events go on to {last}")));
        }
        Ok(Loaded { head, at, commit_id, snapshot, tail })
    }

    pub async fn events_after(&self, entity: &EntityId, after: Seq, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut events: Vec<Recorded> = Vec::new();
        let mut last = after;
        while events.len() < limit {
            // Each commit has at least one event, and the first may lie below.
            let commits = (limit - events.len()).saturating_add(1).min(PAGE_COMMITS);
            let Some(page) = self.page(entity, &From::After(last), commits).await? else { break };
            let Page { head, begins, events: mut more, .. } = page;
            // What was given up is no gap.
            last = last.max(begins);
            let reached = follow(entity, last, &mut more)?;
            if reached == last {
                if last < head {
                    return Err(StoreError::Damaged(format!(
                        "{entity} stands at {head}, but its events end at {last}"
                    )));
                }
                break;
            }
            events.append(&mut more);
            last = reached;
        }
        events.truncate(limit);
        Ok(events)
    }

    /// None: the entity is unknown.
    async fn page(&self, entity: &EntityId, from: &From, commits: usize) -> Result<Option<Page>, StoreError> {
        let keys = [self.keys.now(entity), self.keys.log(entity), self.keys.archive(entity)];
        let (after, version) = match from {
            From::Snapshot(version) => (String::new(), version.to_string()),
            From::After(after) => (number(*after), String::new()),
        };
        let arguments = [after, version, commits.to_string(), PAGE_BYTES.to_string()];
        let value = self.run(&self.scripts.read, &keys, &arguments).await?;
        let mut parts = array(entity, value)?.into_iter();
        if parts.len() == 0 {
            return Ok(None);
        }
        let mut next = || parts.next().unwrap_or(Value::Nil);
        let (head, at, commit) = (decimal(entity, next())?, decimal::<i64>(entity, next())?, text(entity, next())?);
        let (seq, state) = (next(), next());
        let snapshot = match seq {
            Value::Nil | Value::Boolean(false) => None,
            seq => Some((decimal(entity, seq)?, text(entity, state)?)),
        };
        let (forgotten, begins) = (decimal(entity, next())?, decimal(entity, next())?);
        let (chunks, entries) = (array(entity, next())?, array(entity, next())?);
        let mut events = Vec::new();
        for chunk in chunks {
            let [(_, _), (_, _), (_, packed)] = fields(entity, chunk)?.1;
            for commit in unpack(entity, &bytes(entity, packed)?)? {
                let kept = split(&commit.events).map_err(|error| {
                    StoreError::Damaged(format!("the commit of {entity} at {} is no JSON: {error}", commit.first))
                })?;
                let commits = (commit.first..).zip(kept);
                events.extend(commits.map(|(seq, event)| Recorded {
                    seq,
                    at: Timestamp::from_millis(commit.at),
                    event,
                }));
            }
        }
        for entry in entries {
            let entry = Entry::read(entity, entry)?;
            events.extend(entry.recorded(entity)?);
        }
        Ok(Some(Page {
            head,
            at: Timestamp::from_millis(at),
            commit_id: Uuid::try_parse(&commit).ok(),
            snapshot,
            forgotten,
            begins,
            events,
        }))
    }
}

/// Takes away what lies at or below `after`, and returns the last number when the rest goes on without gaps.
fn follow(entity: &EntityId, after: Seq, events: &mut Vec<Recorded>) -> Result<Seq, StoreError> {
    events.retain(|event| event.seq > after);
    let mut last = after;
    for event in events {
        if event.seq != last + 1 {
            let found = event.seq;
            return Err(StoreError::Damaged(format!("{entity} has event {found} after event {last}")));
        }
        last = event.seq;
    }
    Ok(last)
}

/// A commit as it lies in the stream.
pub(super) struct Entry {
    pub first: Seq,
    pub last: Seq,
    pub commit: String,
    pub at: i64,
    /// A JSON array.
    pub events: String,
}

impl Entry {
    pub fn read(entity: &EntityId, value: Value) -> Result<Self, StoreError> {
        let (id, [(_, head), (_, commit), (_, at), (_, events)]) = fields(entity, value)?;
        let first = id.strip_suffix("-0").and_then(|first| first.parse().ok());
        Ok(Self {
            first: first.ok_or_else(|| unexpected(&format!("the id of a commit of {entity}"), &id))?,
            last: decimal(entity, head)?,
            commit: text(entity, commit)?,
            at: decimal(entity, at)?,
            events: text(entity, events)?,
        })
    }

    fn recorded(self, entity: &EntityId) -> Result<Vec<Recorded>, StoreError> {
        let Self { first, last, commit: _, at, events } = self;
        let events = split(&events)
            .map_err(|error| StoreError::Damaged(format!("the commit of {entity} at {first} is no JSON: {error}")))?;
        if first + events.len() as Seq != last + 1 {
            return Err(StoreError::Damaged(format!("the commit of {entity} at {first} does not end at {last}")));
        }
        let at = Timestamp::from_millis(at);
        Ok((first..).zip(events).map(|(seq, event)| Recorded { seq, at, event }).collect())
    }
}

/// The id and the fields of an entry of a stream.
pub(super) fn fields<const N: usize>(
    entity: &EntityId,
    value: Value,
) -> Result<(String, [(Value, Value); N]), StoreError> {
    let damaged = |value: &Value| unexpected(&format!("an entry of {entity}"), value);
    let (id, fields): (String, Value) = from_redis_value(value).map_err(|error| unexpected(entity.as_str(), &error))?;
    let mut values = array(entity, fields)?.into_iter();
    let mut pairs = Vec::with_capacity(N);
    while let (Some(name), Some(value)) = (values.next(), values.next()) {
        pairs.push((name, value));
    }
    let pairs = pairs.try_into().map_err(|pairs: Vec<(Value, Value)>| damaged(&Value::Int(pairs.len() as i64)))?;
    Ok((id, pairs))
}

pub(super) fn array(entity: &EntityId, value: Value) -> Result<Vec<Value>, StoreError> {
    match value {
        Value::Array(values) => Ok(values),
        other => Err(unexpected(entity.as_str(), &other)),
    }
}

pub(super) fn bytes(entity: &EntityId, value: Value) -> Result<Vec<u8>, StoreError> {
    match value {
        Value::BulkString(bytes) => Ok(bytes),
        other => Err(unexpected(entity.as_str(), &other)),
    }
}

fn text(entity: &EntityId, value: Value) -> Result<String, StoreError> {
    String::from_redis_value(value).map_err(|error| unexpected(entity.as_str(), &error))
}

pub(super) fn decimal<T: std::str::FromStr>(entity: &EntityId, value: Value) -> Result<T, StoreError> {
    let text = text(entity, value)?;
    text.parse().map_err(|_| unexpected(&format!("a number of {entity}"), &text))
}
