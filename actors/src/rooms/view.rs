//! What the world sees of a room and its messages.

use serde::Serialize;
use souk_domain::aggregate::Seq;
use souk_domain::id::{MessageId, RoomId};
use souk_domain::room::event::RoomEvent;
use souk_domain::room::state::{Message, Room, RoomKind};
use souk_domain::time::Timestamp;
use utoipa::ToSchema;

use crate::carts::view::ERASED;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoomView {
    #[schema(value_type = String)]
    pub id: RoomId,
    pub kind: RoomKind,
    pub subject_id: Option<String>,
    /// The number of the newest event.
    pub seq: Seq,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MessageView {
    #[schema(value_type = String)]
    pub id: MessageId,
    #[schema(value_type = String)]
    pub room_id: RoomId,
    pub seq: Seq,
    pub author: AuthorView,
    pub text: String,
    pub client_id: String,
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthorView {
    pub id: String,
    pub name: String,
}

/// An event of a room as its followers get it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoomEventView {
    Opened { kind: RoomKind },
    Joined { person_id: String },
    Message { message: MessageView },
}

impl RoomView {
    pub fn of(room: &Room) -> Option<Self> {
        let opening = room.opening.as_ref()?;
        Some(Self { id: opening.id, kind: opening.kind, subject_id: opening.subject_id.clone(), seq: room.seq })
    }
}

impl MessageView {
    pub fn of(room_id: RoomId, message: &Message) -> Self {
        let Message { id, seq, author, text, client_id, sent_at } = message.clone();
        let shown = |value: Option<&String>| value.cloned().unwrap_or_else(|| ERASED.to_owned());
        let name = shown(author.name.known());
        Self {
            id,
            room_id,
            seq,
            author: AuthorView { id: author.id, name },
            text: shown(text.known()),
            client_id,
            sent_at,
        }
    }
}

impl RoomEventView {
    pub fn of(room_id: RoomId, event: &RoomEvent) -> Self {
        match event {
            RoomEvent::Opened { opening } => Self::Opened { kind: opening.kind },
            RoomEvent::Joined { person } => Self::Joined { person_id: person.clone() },
            RoomEvent::Message { message } => Self::Message { message: MessageView::of(room_id, message) },
        }
    }
}
