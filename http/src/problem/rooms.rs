//! What a room refuses.

use souk_actors::rooms::service::RoomError;
use souk_domain::room::command::RoomRefusal;

use super::{Code, FieldError, Problem};

impl From<RoomError> for Problem {
    fn from(error: RoomError) -> Self {
        let invalid = |pointer: &str, detail: String| Self::invalid_body(vec![FieldError::invalid(pointer, detail)]);
        match error {
            // Whoever does not belong to a room must not learn that there is one.
            RoomError::Refused(RoomRefusal::NotFound | RoomRefusal::NotAMember) => Self::not_found(),
            RoomError::Refused(RoomRefusal::TextEmpty) => invalid("/text", "must not be empty".to_owned()),
            RoomError::Refused(RoomRefusal::TextTooLong) => invalid("/text", "is too long".to_owned()),
            RoomError::Refused(RoomRefusal::TooManyMembers) => Self::new(Code::RoomFull),
            RoomError::TokenNeeded => Self::new(Code::CredentialsMissing),
            RoomError::SubjectInvalid(needed) => invalid("/subject_id", format!("must be {needed}")),
            RoomError::Unavailable(cause) => cause.into(),
        }
    }
}
