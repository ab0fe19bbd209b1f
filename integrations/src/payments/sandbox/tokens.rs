//! The cards that the sandbox knows.

use super::outbox::Announcing;

/// What becomes of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Ok,
    Declined,
    Challenge,
    /// Captured by itself after some time, and announced so.
    Late(Announcing),
    /// Captured, and answered after some time.
    Slow,
    /// Captured, and never answered.
    Silent,
    /// The first call with a key fails without acting; the next one is captured.
    Fails,
}

impl Token {
    pub fn read(token: &str) -> Option<Self> {
        Some(match token {
            "tok_ok" => Self::Ok,
            "tok_declined" => Self::Declined,
            "tok_challenge" => Self::Challenge,
            "tok_late" => Self::Late(Announcing::Once),
            "tok_webhook_twice" => Self::Late(Announcing::Twice),
            "tok_webhook_out_of_order" => Self::Late(Announcing::OutOfOrder),
            "tok_webhook_never" => Self::Late(Announcing::Never),
            "tok_slow" => Self::Slow,
            "tok_silent" => Self::Silent,
            "tok_fails" => Self::Fails,
            _ => return None,
        })
    }
}
