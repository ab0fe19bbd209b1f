//! Inboxes: which rooms somebody is in, and how far they have read.

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::id::RoomId;
use souk_domain::time::Timestamp;
use sqlx::FromRow;

use super::domains::Chat;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::rows::{InboxRow, RoomRow};
use crate::sql::records::parse;
use crate::stores::ChatStore;

#[derive(FromRow)]
struct StoredInbox {
    id: String,
    seq: i64,
    kind: String,
    subject_id: Option<String>,
    members: String,
    at: i64,
    read: i64,
}

impl StoredInbox {
    fn decode(self) -> Result<InboxRow, StoreError> {
        let Self { id, seq, kind, subject_id, members, at, read } = self;
        let members = serde_json::from_str(&members).map_err(|error| StoreError::Damaged(format!("{id}: {error}")))?;
        let (seq, at) = (seq.cast_unsigned(), Timestamp::from_millis(at));
        let room = RoomRow { id: parse(&id)?, seq, kind, subject_id, members, at };
        Ok(InboxRow { room, read: read.cast_unsigned() })
    }
}

/// Rooms that were not written since members were kept as an array are read as one all the same.
const ROOMS_OF: &str = "
    select rooms.id, rooms.seq, kind, subject_id, at, coalesce(reads.seq, 0) as read,
           iif(json_type(members) = 'array', members,
               (select json_group_array(m.key) from json_each(members) as m)) as members
    from room_members join room_rows as rooms on rooms.id = room_members.room_id
         left join room_reads as reads on reads.member = room_members.member and reads.room_id = rooms.id
    where room_members.member = ?1 and (at, rooms.id) < (?2, ?3)
    order by at desc, rooms.id desc limit ?4";

const MARK_READ: &str = "
    insert into room_reads (member, room_id, seq) values (?1, ?2, ?3)
    on conflict (member, room_id) do update set seq = max(seq, excluded.seq)";

#[async_trait]
impl ChatStore for SqliteStore<Chat> {
    async fn rooms_of(
        &self,
        member: &str,
        before: Option<(Timestamp, RoomId)>,
        limit: usize,
    ) -> Result<Vec<InboxRow>, StoreError> {
        let (at, id) = before.map_or((i64::MAX, String::new()), |(at, id)| (at.as_millis(), id.to_string()));
        let query = sqlx::query_as(ROOMS_OF).bind(member.to_owned()).bind(at).bind(id);
        let rows: Vec<StoredInbox> = self.database.all(query.bind(i64::try_from(limit).unwrap_or(i64::MAX))).await?;
        rows.into_iter().map(StoredInbox::decode).collect()
    }

    async fn mark_read(&self, room: RoomId, member: &str, seq: Seq) -> Result<(), StoreError> {
        let (room, member, seq) = (room.to_string(), member.to_owned(), seq.cast_signed());
        let write = self.database.write(move |connection| {
            let query = sqlx::query(MARK_READ).bind(member.clone()).bind(room.clone()).bind(seq);
            Box::pin(async move { query.execute(connection).await.map(|_| ()) })
        });
        write.await
    }
}
