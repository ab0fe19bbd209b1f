//! The rooms that somebody is in, with what is new there.

use serde::Serialize;
use souk_domain::aggregate::Seq;
use souk_domain::id::RoomId;
use souk_domain::room::event::RoomEvent;
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::rows::InboxRow;
use utoipa::ToSchema;

use crate::marketplace::Marketplace;
use crate::rooms::service::RoomError;
use crate::rooms::view::MessageView;
use crate::runtime::error::Unavailable;
use crate::viewer::{Identity, Viewer};

/// Unread messages are counted up to this.
pub const MOST_UNREAD: usize = 100;
/// Events before the first unread one that are looked at for the newest message.
const LOOKED_BACK: Seq = 20;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboxRoom {
    #[schema(value_type = String)]
    pub id: RoomId,
    /// `product`, `order`, `support` or `direct`.
    #[schema(example = "support")]
    pub kind: String,
    pub subject_id: Option<String>,
    /// The number of the newest event.
    pub seq: Seq,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboxItem {
    pub room: InboxRoom,
    /// Null: nothing was said lately.
    pub last_message: Option<MessageView>,
    /// Messages of others beyond what was read; 100: that many or more.
    #[schema(minimum = 0, maximum = 100)]
    pub unread: usize,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

type Place = (Timestamp, RoomId);

impl Marketplace {
    /// The newest change first; with where the next page begins.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn inbox(
        &self,
        person: &Identity,
        before: Option<Place>,
        limit: usize,
    ) -> Result<(Vec<InboxItem>, Option<Place>), StoreError> {
        let rows = self.rooms.store.rooms_of(&person.id, before, limit).await?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|row| (row.room.at, row.room.id));
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.inbox_item(person, row).await?);
        }
        Ok((items, next))
    }

    async fn inbox_item(&self, person: &Identity, row: InboxRow) -> Result<InboxItem, StoreError> {
        let InboxRow { room, read } = row;
        let newest = room.seq.saturating_sub(MOST_UNREAD as Seq);
        let after = newest.max(read.min(room.seq).saturating_sub(LOOKED_BACK));
        let limit = MOST_UNREAD + LOOKED_BACK as usize;
        let events = self.rooms.store.events_after(&EntityId::new(room.id), after, limit).await?;
        let (mut unread, mut last_message) = (0, None);
        for recorded in &events {
            if let Ok(RoomEvent::Message { message }) = serde_json::from_str(&recorded.event) {
                unread += usize::from(recorded.seq > read && message.author.id != person.id);
                last_message = Some(MessageView::of(room.id, &message));
            }
        }
        let (id, kind, subject_id, seq) = (room.id, room.kind, room.subject_id, room.seq);
        Ok(InboxItem { room: InboxRoom { id, kind, subject_id, seq }, last_message, unread, updated_at: room.at })
    }

    /// Remembers how far somebody has read.
    ///
    /// # Errors
    /// `NotFound` for a room that is not theirs to read.
    pub async fn mark_read(&self, person: &Identity, id: RoomId, seq: Seq) -> Result<(), RoomError> {
        let viewer = Viewer { person: Some(person.clone()), key: None };
        let head = self.rooms.visible(id, &viewer).await?;
        let marked = self.rooms.store.mark_read(id, &person.id, seq.min(head)).await;
        marked.map_err(|_| RoomError::Unavailable(Unavailable::Store))
    }
}
