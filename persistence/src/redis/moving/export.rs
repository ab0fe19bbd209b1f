//! Sections as they are read.

use std::collections::BTreeMap;

use redis::Pipeline;
use souk_domain::aggregate::Seq;
use uuid::Uuid;

use super::unknown;
use super::walk::Walk;
use crate::error::StoreError;
use crate::journal::EntityId;
use crate::moving::{Pages, Record, Section, Value, What};
use crate::redis::encoding::read_secret;
use crate::redis::errors::unexpected;
use crate::redis::keys::{PARTS, part};
use crate::redis::store::Server;
use crate::rows::RoomRow;

/// Keys of persons that are read together.
const KEYS_AT_ONCE: usize = 500;

impl Server {
    pub(super) async fn export(
        &self,
        section: &Section,
        after: Option<&[Value]>,
        pages: &mut Pages,
    ) -> Result<(), StoreError> {
        let from = after.and_then(|key| key.first()).and_then(Value::text);
        match (section.what, section.name) {
            (What::Commits { archived }, _) => {
                if archived {
                    self.check_beginnings().await?;
                }
                self.commits_out(archived, from, pages).await
            }
            (What::Marks, _) => self.marks_out(from, pages).await,
            (What::Snapshots, _) => self.snapshots_out(from, pages).await,
            (_, "room_rows") => self.rooms_out(from, pages).await,
            // Ordered by member elsewhere, so the key of one says nothing here: all over again.
            (_, "room_reads") => self.reads_out(pages).await,
            (_, "person_keys") => self.person_keys_out(pages).await,
            _ => Err(unknown(section)),
        }
    }

    /// How many records the entities have of a section, together.
    pub(super) async fn count_by_entity(&self, section: &Section) -> Result<u64, StoreError> {
        type Ask = fn(&Server, &mut Pipeline, &EntityId);
        let ask: Ask = match (section.what, section.name) {
            (What::Commits { archived: true }, _) => |server, commands, entity| {
                commands.cmd("HGET").arg(server.keys.now(entity)).arg("archived_commits");
            },
            (What::Commits { archived: false }, _) => |server, commands, entity| {
                commands.cmd("XLEN").arg(server.keys.log(entity));
            },
            (What::Snapshots, _) => |server, commands, entity| {
                commands.cmd("HEXISTS").arg(server.keys.now(entity)).arg("seq");
            },
            (_, "room_rows") => |server, commands, entity| {
                commands.cmd("HEXISTS").arg(server.keys.now(entity)).arg("row");
            },
            (_, "room_reads") => |server, commands, entity| {
                commands.cmd("HLEN").arg(server.keys.reads(entity));
            },
            _ => return Err(unknown(section)),
        };
        let (mut walk, mut count) = (Walk::from(None), 0);
        while let Some(counts) = walk.answers(self, |commands, entity| ask(self, commands, entity)).await? {
            let counts: Vec<(EntityId, Option<u64>)> = counts;
            count += counts.into_iter().filter_map(|(_, count)| count).sum::<u64>();
        }
        Ok(count)
    }

    /// A room whose oldest events were given up has no journal that another engine could keep.
    async fn check_beginnings(&self) -> Result<(), StoreError> {
        let mut walk = Walk::from(None);
        let ask = |commands: &mut Pipeline, entity: &EntityId| {
            commands.cmd("HGET").arg(self.keys.now(entity)).arg("forgotten");
        };
        while let Some(forgotten) = walk.answers::<Option<Seq>>(self, ask).await? {
            let found = forgotten.into_iter().find_map(|(entity, seq)| seq.map(|seq| (entity, seq)));
            if let Some((entity, seq)) = found {
                return Err(StoreError::Unavailable(format!(
                    "the events of {entity} up to {seq} were given up (redis.archive_commits), and a room without its \
                     beginning cannot be moved: leave stores.chat where it is"
                )));
            }
        }
        Ok(())
    }

    async fn marks_out(&self, from: Option<&str>, pages: &mut Pages) -> Result<(), StoreError> {
        let mut walk = Walk::from(from);
        loop {
            let entities = walk.next(self).await?;
            if entities.is_empty() {
                return Ok(());
            }
            let mut commands = Pipeline::with_capacity(3 * entities.len());
            for entity in &entities {
                commands.cmd("ZSCORE").arg(self.keys.due(part(entity))).arg(entity.as_str());
                commands.cmd("ZSCORE").arg(self.keys.unrelayed(part(entity))).arg(entity.as_str());
                commands.cmd("HGET").arg(self.keys.now(entity)).arg("relayed");
            }
            let found: Vec<Option<f64>> = self.answers(&commands).await?;
            for (entity, marks) in entities.iter().zip(found.chunks_exact(3)) {
                let [due_at, unrelayed, relayed] = marks else { continue };
                if due_at.is_none() && unrelayed.is_none() {
                    continue;
                }
                // Exact: none of these numbers is beyond what Lua counts in.
                let number = |value: f64| Value::Integer(value as i64);
                let relayed_to = unrelayed.map_or(Value::Null, |_| number(relayed.unwrap_or(0.0)));
                pages.push(vec![id(entity), due_at.map_or(Value::Null, number), relayed_to]).await?;
            }
        }
    }

    async fn snapshots_out(&self, from: Option<&str>, pages: &mut Pages) -> Result<(), StoreError> {
        type Snapshot = (Option<i64>, Option<i64>, Option<String>);
        let mut walk = Walk::from(from);
        let ask = |commands: &mut Pipeline, entity: &EntityId| {
            commands.cmd("HMGET").arg(self.keys.now(entity)).arg("seq").arg("version").arg("state");
        };
        while let Some(found) = walk.answers::<Snapshot>(self, ask).await? {
            for (entity, snapshot) in found {
                let (Some(seq), Some(version), Some(state)) = snapshot else { continue };
                let record = vec![id(&entity), Value::Integer(seq), Value::Integer(version), Value::Text(state)];
                pages.push(record).await?;
            }
        }
        Ok(())
    }

    async fn rooms_out(&self, from: Option<&str>, pages: &mut Pages) -> Result<(), StoreError> {
        let mut walk = Walk::from(from);
        let ask = |commands: &mut Pipeline, entity: &EntityId| {
            commands.cmd("HGET").arg(self.keys.now(entity)).arg("row");
        };
        while let Some(found) = walk.answers::<Option<String>>(self, ask).await? {
            for (entity, row) in found {
                let Some(row) = row else { continue };
                let damaged = |error| unexpected(&format!("the row of {entity}"), &error);
                pages.push(room(&serde_json::from_str(&row).map_err(damaged)?)?).await?;
            }
        }
        Ok(())
    }

    async fn reads_out(&self, pages: &mut Pages) -> Result<(), StoreError> {
        let mut walk = Walk::from(None);
        let ask = |commands: &mut Pipeline, entity: &EntityId| {
            commands.cmd("HGETALL").arg(self.keys.reads(entity));
        };
        while let Some(found) = walk.answers::<BTreeMap<String, i64>>(self, ask).await? {
            for (entity, reads) in found {
                for (member, seq) in reads {
                    pages.push(vec![Value::Text(member), id(&entity), Value::Integer(seq)]).await?;
                }
            }
        }
        Ok(())
    }

    async fn person_keys_out(&self, pages: &mut Pages) -> Result<(), StoreError> {
        for part in 0..PARTS {
            let secrets = self.keys.secrets(part);
            let mut commands = Pipeline::with_capacity(1);
            commands.cmd("HKEYS").arg(&secrets);
            let mut ids: Vec<String> = self.answers(&commands).await?.pop().unwrap_or_default();
            ids.sort_unstable();
            for ids in ids.chunks(KEYS_AT_ONCE) {
                let mut commands = Pipeline::with_capacity(1);
                commands.cmd("HMGET").arg(&secrets).arg(ids);
                let kept: Vec<Option<String>> = self.answers(&commands).await?.pop().unwrap_or_default();
                for (name, kept) in ids.iter().zip(kept) {
                    let damaged = || StoreError::Damaged(format!("the key {name} of a person is not one"));
                    let id = Uuid::try_parse(name).map_err(|_| damaged())?;
                    let key = kept.as_deref().and_then(|kept| read_secret(id, kept)).ok_or_else(damaged)?;
                    let id = Value::Bytes(key.id.as_bytes().to_vec());
                    pages.push(vec![id, Value::Text(key.person), Value::Bytes(key.secret.to_vec())]).await?;
                }
            }
        }
        Ok(())
    }
}

fn id(entity: &EntityId) -> Value {
    Value::Text(entity.to_string())
}

fn room(row: &RoomRow) -> Result<Record, StoreError> {
    let RoomRow { id, seq, kind, subject_id, members, at } = row;
    let members = serde_json::to_string(members).map_err(|error| unexpected("members", &error))?;
    Ok(vec![
        Value::Text(id.to_string()),
        Value::Integer(seq.cast_signed()),
        Value::Text(kind.clone()),
        Value::optional(subject_id.clone()),
        Value::Text(members),
        Value::Integer(at.as_millis()),
    ])
}
