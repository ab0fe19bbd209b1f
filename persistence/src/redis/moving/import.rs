//! Sections as they are written. What is there already was written by the same page before, and stays.

use redis::{Pipeline, Value as Answer};
use souk_domain::aggregate::Seq;
use souk_domain::id::RoomId;
use souk_domain::time::Timestamp;
use uuid::Uuid;

use super::unknown;
use crate::error::StoreError;
use crate::journal::{Commit, EntityId, Relay};
use crate::moving::value::{bytes, integer, text};
use crate::moving::{Record, Section, Value, What};
use crate::redis::archive::{CHUNK_BYTES, CHUNK_COMMITS, pack};
use crate::redis::encoding::{EncodedCommit, secret, split};
use crate::redis::errors::{answer, unexpected};
use crate::redis::keys::part;
use crate::redis::reading::{Entry, decimal};
use crate::redis::store::Server;
use crate::rows::RoomRow;
use crate::sealing::{PersonKey, Sealed};

impl Server {
    pub(super) async fn import(&self, section: &Section, records: &[Record]) -> Result<(), StoreError> {
        match (section.what, section.name) {
            (What::Commits { archived: true }, _) => self.archived_in(records).await,
            (What::Commits { archived: false }, _) => self.commits_in(records).await,
            (What::Marks, _) => self.put(records, |record, commands| self.mark(record, commands)).await,
            (What::Snapshots, _) => self.put(records, |record, commands| self.snapshot(record, commands)).await,
            (_, "room_rows") => self.put(records, |record, commands| self.room(record, commands)).await,
            (_, "room_reads") => self.put(records, |record, commands| self.read_mark(record, commands)).await,
            (_, "person_keys") => self.put(records, |record, commands| self.person_key(record, commands)).await,
            _ => Err(unknown(section)),
        }
    }

    /// Sends commands that write, and returns what each answered.
    pub(super) async fn write(&self, commands: &Pipeline) -> Result<Vec<Answer>, StoreError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let answers = self.send(commands).await?.into_iter();
        answers.map(|value| answer(value).map_err(StoreError::from)).collect()
    }

    async fn put(
        &self,
        records: &[Record],
        commands_of: impl Fn(&[Value], &mut Pipeline) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        let mut commands = Pipeline::new();
        for record in records {
            commands_of(record, &mut commands)?;
        }
        self.write(&commands).await.map(|_| ())
    }

    /// Each like a commit that is new here: the script that appends takes it if it is the next one.
    async fn commits_in(&self, records: &[Record]) -> Result<(), StoreError> {
        let mut commands = Pipeline::with_capacity(records.len());
        let mut heads = Vec::with_capacity(records.len());
        for record in records {
            let entry = entry(record)?;
            let entity = EntityId::new(text(record, 0)?);
            let events = split(&entry.events).map_err(|error| unexpected(entity.as_str(), &error))?;
            let commit = Commit {
                entity: entity.clone(),
                predecessor: entry.first - 1,
                commit_id: commit_id(record)?,
                at: Timestamp::from_millis(entry.at),
                events,
                snapshot: None,
                due_at: None,
                relay: Relay::Nobody,
                rows: Vec::new(),
            };
            let encoded = EncodedCommit::new(Sealed { commit, new_keys: Vec::new() }, &self.keys);
            let encoded = encoded.map_err(StoreError::Damaged)?;
            commands.add_command(self.scripts.append.call(&encoded.keys, &encoded.arguments));
            heads.push((entity, entry.first, entry.last));
        }
        for ((entity, first, last), answered) in heads.into_iter().zip(self.write(&commands).await?) {
            if answered == Answer::Int(1) {
                continue;
            }
            let stands: Seq = decimal(&entity, answered)?;
            if stands < last {
                return Err(StoreError::Damaged(format!(
                    "{entity} stands at {stands}, and its next commit begins at {first}"
                )));
            }
        }
        Ok(())
    }

    async fn archived_in(&self, records: &[Record]) -> Result<(), StoreError> {
        for commits in records.chunk_by(|one, next| one.first() == next.first()) {
            let Some(first) = commits.first() else { continue };
            let entity = EntityId::new(text(first, 0)?);
            let mut commands = Pipeline::with_capacity(1);
            commands.cmd("HGET").arg(self.keys.now(&entity)).arg("archived");
            let archived: Option<Seq> = self.answers(&commands).await?.pop().flatten();
            let entries = commits.iter().map(|record| entry(record)).collect::<Result<Vec<_>, _>>()?;
            let left = entries.into_iter().filter(|entry| entry.last > archived.unwrap_or(0));
            let mut commands = Pipeline::new();
            for chunk in chunks(left) {
                let (Some(oldest), Some(newest)) = (chunk.first(), chunk.last()) else { continue };
                let keys = [self.keys.now(&entity), self.keys.archive(&entity), self.keys.ids(part(&entity))];
                let arguments = [
                    entity.as_str().as_bytes().to_vec(),
                    oldest.first.to_string().into_bytes(),
                    newest.last.to_string().into_bytes(),
                    chunk.len().to_string().into_bytes(),
                    pack(&entity, &chunk)?,
                    newest.commit.clone().into_bytes(),
                    newest.at.to_string().into_bytes(),
                ];
                commands.add_command(self.scripts.restore.call(&keys, &arguments));
            }
            self.write(&commands).await?;
        }
        Ok(())
    }

    fn mark(&self, record: &[Value], commands: &mut Pipeline) -> Result<(), StoreError> {
        let entity = EntityId::new(text(record, 0)?);
        if let Some(due_at) = record.get(1).and_then(Value::integer) {
            commands.cmd("ZADD").arg(self.keys.due(part(&entity))).arg(due_at).arg(entity.as_str());
        }
        if let Some(relayed_to) = record.get(2).and_then(Value::integer) {
            commands.cmd("HSET").arg(self.keys.now(&entity)).arg("relayed").arg(relayed_to);
            // Only an order among those that wait.
            commands.cmd("ZADD").arg(self.keys.unrelayed(part(&entity))).arg(0).arg(entity.as_str());
        }
        Ok(())
    }

    fn snapshot(&self, record: &[Value], commands: &mut Pipeline) -> Result<(), StoreError> {
        let entity = EntityId::new(text(record, 0)?);
        let (seq, version, state) = (integer(record, 1)?, integer(record, 2)?, text(record, 3)?);
        let command = commands.cmd("HSET").arg(self.keys.now(&entity));
        command.arg("seq").arg(seq).arg("version").arg(version).arg("state").arg(state);
        Ok(())
    }

    fn room(&self, record: &[Value], commands: &mut Pipeline) -> Result<(), StoreError> {
        let id = text(record, 0)?;
        let damaged = |error: &dyn std::fmt::Display| unexpected(&format!("the row of {id}"), &error.to_string());
        let room = RoomRow {
            id: id.parse::<RoomId>().map_err(|error| damaged(&error))?,
            seq: integer(record, 1)?.cast_unsigned(),
            kind: text(record, 2)?.to_owned(),
            subject_id: record.get(3).and_then(Value::text).map(str::to_owned),
            members: serde_json::from_str(text(record, 4)?).map_err(|error| damaged(&error))?,
            at: Timestamp::from_millis(integer(record, 5)?),
        };
        let entity = EntityId::new(id);
        let row = serde_json::to_string(&room).map_err(|error| damaged(&error))?;
        commands.cmd("HSET").arg(self.keys.now(&entity)).arg("row").arg(row);
        for member in &room.members {
            let inbox = self.keys.inbox(part(&entity), member);
            commands.cmd("ZADD").arg(inbox).arg(room.at.as_millis()).arg(id);
        }
        Ok(())
    }

    fn read_mark(&self, record: &[Value], commands: &mut Pipeline) -> Result<(), StoreError> {
        let reads = self.keys.reads(&EntityId::new(text(record, 1)?));
        commands.cmd("HSET").arg(reads).arg(text(record, 0)?).arg(integer(record, 2)?);
        Ok(())
    }

    /// In any part, but always in the same: whoever looks for a key looks in all.
    fn person_key(&self, record: &[Value], commands: &mut Pipeline) -> Result<(), StoreError> {
        let key = PersonKey::stored(bytes(record, 0)?, text(record, 1)?.to_owned(), bytes(record, 2)?)?;
        let id = key.id.simple().to_string();
        let part = part(&EntityId::new(&id));
        commands.cmd("HSET").arg(self.keys.secrets(part)).arg(&id).arg(secret(&key));
        commands.cmd("SADD").arg(self.keys.person(part, &key.person)).arg(&id);
        Ok(())
    }
}

fn commit_id(record: &[Value]) -> Result<Uuid, StoreError> {
    Uuid::from_slice(bytes(record, 3)?).map_err(|error| unexpected("the id of a commit", &error))
}

fn entry(record: &[Value]) -> Result<Entry, StoreError> {
    let (first, count) = (integer(record, 1)?.cast_unsigned(), integer(record, 2)?.cast_unsigned());
    Ok(Entry {
        first,
        last: first + count - 1,
        commit: commit_id(record)?.simple().to_string(),
        at: integer(record, 4)?,
        events: text(record, 5)?.to_owned(),
    })
}

/// As the archive keeps them.
fn chunks(entries: impl Iterator<Item = Entry>) -> Vec<Vec<Entry>> {
    let (mut chunks, mut bytes): (Vec<Vec<Entry>>, usize) = (Vec::new(), 0);
    for entry in entries {
        bytes += entry.events.len();
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK_COMMITS && bytes <= CHUNK_BYTES => chunk.push(entry),
            _ => {
                bytes = entry.events.len();
                chunks.push(vec![entry]);
            }
        }
    }
    chunks
}
