//! Commits as they are read: from the archive's chunks, and from the streams.

use redis::{Pipeline, Value as Answer};
use souk_domain::aggregate::Seq;
use uuid::Uuid;

use super::walk::Walk;
use crate::error::StoreError;
use crate::journal::EntityId;
use crate::moving::{Pages, Record, Value};
use crate::redis::archive::{Unpacked, unpack};
use crate::redis::errors::unexpected;
use crate::redis::reading::{Entry, array, bytes, fields};
use crate::redis::store::Server;

/// Entries of a stream that are read of each entity at once.
const ENTRIES: usize = 32;
/// The same of chunks, each of which holds many commits.
const CHUNKS: usize = 1;

impl Server {
    pub(super) async fn commits_out(
        &self,
        archived: bool,
        from: Option<&str>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let mut walk = Walk::from(from);
        loop {
            let entities = walk.next(self).await?;
            if entities.is_empty() {
                return Ok(());
            }
            let most = if archived { CHUNKS } else { ENTRIES };
            let mut commands = Pipeline::with_capacity(entities.len());
            for entity in &entities {
                let stream = if archived { self.keys.archive(entity) } else { self.keys.log(entity) };
                commands.cmd("XRANGE").arg(stream).arg("-").arg("+").arg("COUNT").arg(most);
            }
            let first: Vec<Answer> = self.answers(&commands).await?;
            for (entity, entries) in entities.iter().zip(first) {
                self.stream_out(entity, archived, array(entity, entries)?, most, pages).await?;
            }
        }
    }

    /// The entries that were read, and all behind them.
    async fn stream_out(
        &self,
        entity: &EntityId,
        archived: bool,
        mut entries: Vec<Answer>,
        most: usize,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let stream = if archived { self.keys.archive(entity) } else { self.keys.log(entity) };
        loop {
            let read = entries.len();
            let mut last = None;
            for entry in entries {
                if archived {
                    let (id, [(_, _), (_, _), (_, packed)]) = fields(entity, entry)?;
                    for commit in unpack(entity, &bytes(entity, packed)?)? {
                        pages.push(unpacked(entity, commit)?).await?;
                    }
                    last = Some(id);
                } else {
                    let Entry { first, last: head, commit, at, events } = Entry::read(entity, entry)?;
                    pages.push(record(entity, first, head - first + 1, &commit, at, events)?).await?;
                    last = Some(format!("{first}-0"));
                }
            }
            let Some(last) = last.filter(|_| read >= most) else { return Ok(()) };
            let mut commands = Pipeline::with_capacity(1);
            commands.cmd("XRANGE").arg(&stream).arg(format!("({last}")).arg("+").arg("COUNT").arg(most);
            let next: Answer = self.answers(&commands).await?.pop().unwrap_or(Answer::Nil);
            entries = array(entity, next)?;
        }
    }
}

fn unpacked(entity: &EntityId, commit: Unpacked) -> Result<Record, StoreError> {
    let Unpacked { first, at, commit, events } = commit;
    let count: Vec<serde::de::IgnoredAny> =
        serde_json::from_str(&events).map_err(|error| unexpected(entity.as_str(), &error))?;
    record(entity, first, count.len() as Seq, &commit, at, events)
}

fn record(
    entity: &EntityId,
    first: Seq,
    count: Seq,
    commit: &str,
    at: i64,
    events: String,
) -> Result<Record, StoreError> {
    let id = Uuid::try_parse(commit).map_err(|error| unexpected(&format!("the id of a commit of {entity}"), &error))?;
    Ok(vec![
        Value::Text(entity.to_string()),
        Value::Integer(first.cast_signed()),
        Value::Integer(count.cast_signed()),
        Value::Bytes(id.as_bytes().to_vec()),
        Value::Integer(at),
        Value::Text(events),
    ])
}
