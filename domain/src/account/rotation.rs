//! What becomes of a refresh token that is shown. Each is used once and answered with the next one; a second use tells
//! that two have it, and one of them is a thief (RFC 9700, section 4.14.2).

use std::time::Duration;

use crate::time::Timestamp;

/// Two tabs of one browser share its cookie, and may both send it before either has the next one.
pub const GRACE: Duration = Duration::from_secs(10);

/// What is known of a token that exists, and of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When its successor was made.
    pub rotated_at: Option<Timestamp>,
    /// When the session was ended.
    pub ended_at: Option<Timestamp>,
    /// When the session ends by itself.
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Take the next one, and an access token.
    Rotate,
    /// An access token and nothing more: the cookie has the next one already.
    AccessOnly,
    /// The session is at an end for everybody who has a token of it.
    Reused,
    /// The session has ended.
    Over,
}

pub fn judge(shown: &Shown, now: Timestamp) -> Verdict {
    let Shown { rotated_at, ended_at, expires_at } = *shown;
    match rotated_at {
        _ if ended_at.is_some() || now >= expires_at => Verdict::Over,
        None => Verdict::Rotate,
        Some(rotated_at) if now.since(rotated_at) <= GRACE => Verdict::AccessOnly,
        Some(_) => Verdict::Reused,
    }
}
