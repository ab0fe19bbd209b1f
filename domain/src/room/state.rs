//! A room as its journal tells it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::aggregate::Seq;
use crate::id::{MessageId, RoomId};
use crate::personal::Personal;
use crate::time::Timestamp;

pub const MAX_TEXT_CHARS: usize = 4_000;
pub const MAX_MEMBERS: usize = 1_000;
/// How long a `client_id` names the same message again.
pub const CLIENT_ID_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How many client ids a room remembers; in a room that is busier than this within a day the oldest go.
pub const MAX_CLIENT_IDS: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Questions on a product: read by anyone, written by anyone with a token.
    Product,
    /// The thread of an order: its buyer and staff.
    Order,
    /// One for each customer: the customer and staff.
    Support,
    /// Two people.
    Direct,
}

impl RoomKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Order => "order",
            Self::Support => "support",
            Self::Direct => "direct",
        }
    }

    /// Whether everybody may read it.
    pub fn is_public(self) -> bool {
        self == Self::Product
    }
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub id: String,
    pub name: Personal<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    /// Its number in the room's journal.
    pub seq: Seq,
    pub author: Author,
    pub text: Personal<String>,
    pub client_id: String,
    pub sent_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub id: RoomId,
    pub kind: RoomKind,
    pub subject_id: Option<String>,
    /// Who may read and write where the room is not public.
    pub members: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub id: MessageId,
    pub seq: Seq,
    pub at: Timestamp,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub opening: Option<Opening>,
    /// The number of the newest event.
    pub seq: Seq,
    pub members: Vec<String>,
    /// Author, then client id: the message that was sent with it.
    pub sent: BTreeMap<String, BTreeMap<String, Sent>>,
    pub sent_count: usize,
}

impl Room {
    pub fn kind(&self) -> Option<RoomKind> {
        self.opening.as_ref().map(|opening| opening.kind)
    }

    /// `person` is none for somebody without a token.
    pub fn may_read(&self, person: Option<&str>) -> bool {
        self.kind().is_some_and(RoomKind::is_public) || person.is_some_and(|person| self.is_member(person))
    }

    pub fn may_write(&self, person: &str) -> bool {
        self.kind().is_some_and(RoomKind::is_public) || self.is_member(person)
    }

    pub fn is_member(&self, person: &str) -> bool {
        self.members.iter().any(|member| member == person)
    }

    pub fn sent_with(&self, author: &str, client_id: &str) -> Option<&Sent> {
        self.sent.get(author)?.get(client_id)
    }
}
