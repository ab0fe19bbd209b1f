//! What can be asked of a room, and what it says.

use super::state::{Author, Opening, Room};
use crate::aggregate::Seq;
use crate::id::MessageId;

#[derive(Debug, Clone)]
pub enum RoomCommand {
    /// Opens the room, or lets its opener in when it is there already and the opener belongs to it.
    Open(Opening),
    Post { id: MessageId, author: Author, text: String, client_id: String },
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
    /// The number of the message; the same for the same author and client id.
    Posted(Seq),
}
