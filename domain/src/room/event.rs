//! What can happen in a room. Forms that were ever written stay readable (see `golden/`).

use serde::{Deserialize, Serialize};

use super::state::{Message, Opening};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum RoomEvent {
    #[serde(rename = "opened.v1")]
    Opened { opening: Opening },
    #[serde(rename = "joined.v1")]
    Joined { person: String },
    #[serde(rename = "message.v1")]
    Message { message: Message },
}
