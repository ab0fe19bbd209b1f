//! Inboxes: which rooms somebody is in, and how far they have read.

use async_trait::async_trait;
use redis::Pipeline;
use souk_domain::aggregate::Seq;
use souk_domain::id::RoomId;
use souk_domain::time::Timestamp;

use super::keys::{PARTS, number};
use super::listing::bounded;
use super::store::RedisChatStore;
use crate::error::StoreError;
use crate::journal::EntityId;
use crate::rows::{InboxRow, RoomRow};
use crate::stores::ChatStore;

/// A room's id and the time of its newest event.
type Changed = (String, f64);

#[async_trait]
impl ChatStore for RedisChatStore {
    async fn rooms_of(
        &self,
        member: &str,
        before: Option<(Timestamp, RoomId)>,
        limit: usize,
    ) -> Result<Vec<InboxRow>, StoreError> {
        let changed = self.changed_before(member, before, limit).await?;
        let server = &self.server;
        let mut commands = Pipeline::with_capacity(2 * changed.len());
        for (id, _) in &changed {
            let room = EntityId::new(id);
            commands.cmd("HGET").arg(server.keys.now(&room)).arg("row");
            commands.cmd("HGET").arg(server.keys.reads(&room)).arg(member);
        }
        let found: Vec<Option<String>> = server.answers(&commands).await?;
        let mut inbox = Vec::with_capacity(changed.len());
        for ((id, _), found) in changed.iter().zip(found.chunks_exact(2)) {
            let [Some(row), read] = found else { continue };
            let damaged = |fault: &dyn std::fmt::Display| StoreError::Damaged(format!("the row of {id}: {fault}"));
            let room: RoomRow = serde_json::from_str(row).map_err(|error| damaged(&error))?;
            let read = read.as_ref().map_or(Ok(0), |read| read.parse::<Seq>()).map_err(|error| damaged(&error))?;
            inbox.push(InboxRow { room, read });
        }
        Ok(inbox)
    }

    async fn mark_read(&self, room: RoomId, member: &str, seq: Seq) -> Result<(), StoreError> {
        let keys = [self.server.keys.reads(&EntityId::new(room))];
        let arguments = [member.to_owned(), number(seq)];
        self.server.run(&self.server.scripts.read_mark, &keys, &arguments).await?;
        Ok(())
    }
}

impl RedisChatStore {
    /// Rooms of a member by their newest event, the newest first, the greater id first at the same time.
    async fn changed_before(
        &self,
        member: &str,
        before: Option<(Timestamp, RoomId)>,
        limit: usize,
    ) -> Result<Vec<Changed>, StoreError> {
        let server = &self.server;
        let time = before.map_or("+inf".to_owned(), |(at, _)| at.as_millis().to_string());
        let earlier = if before.is_some() { format!("({time}") } else { time.clone() };
        let mut commands = Pipeline::with_capacity(2 * usize::from(PARTS));
        for part in 0..PARTS {
            let key = server.keys.inbox(part, member);
            let command = commands.cmd("ZREVRANGEBYSCORE").arg(&key).arg(&earlier).arg("-inf").arg("WITHSCORES");
            command.arg("LIMIT").arg(0).arg(bounded(limit));
            if before.is_some() {
                // Those of the same millisecond: few, and some of them may have been listed.
                commands.cmd("ZREVRANGEBYSCORE").arg(&key).arg(&time).arg(&time).arg("WITHSCORES");
            }
        }
        let parts: Vec<Vec<Changed>> = server.answers(&commands).await?;
        let mut all: Vec<Changed> = parts.into_iter().flatten().collect();
        if let Some((at, last)) = before {
            let (at, last) = (at.as_millis() as f64, last.to_string());
            all.retain(|(id, changed)| *changed < at || *id < last);
        }
        all.sort_by(|(a_id, a), (b_id, b)| b.total_cmp(a).then_with(|| b_id.cmp(a_id)));
        all.truncate(limit);
        Ok(all)
    }
}
