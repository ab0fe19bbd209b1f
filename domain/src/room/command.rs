//! What can be asked of a room, and what it says.

use super::state::{Author, Opening, Room};
use crate::aggregate::Seq;
use crate::id::MessageId;
use crate::time::Timestamp;

#[derive(Debug, Clone)]
pub enum RoomCommand {
    /// Opens the room, or lets its opener in when it is there already and the opener belongs to it.
    Open(Opening),
    Post {
        id: MessageId,
        author: Author,
        text: String,
        client_id: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomRefusal {
    NotFound,
    NotAMember,
    TextEmpty,
    TextTooLong,
    TooManyMembers,
}

#[derive(Debug, Clone)]
pub enum RoomAnswer {
    Room(Box<Room>),
    Posted {
        seq: Seq,
        at: Timestamp,
    },
    /// The author and client id are those of an earlier message, which stands under this number.
    PostedBefore {
        seq: Seq,
    },
}
