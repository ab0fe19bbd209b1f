//! What goes over the sandbox's wire.

use serde::{Deserialize, Serialize};
use souk_domain::money::Money;
use souk_domain::time::Timestamp;

use super::super::port::{Challenge, Intent, IntentRef, ProviderError};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateBody {
    pub amount: Money,
    pub merchant_reference: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmBody {
    pub token: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundBody {
    pub amount: Money,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChallengeBody {
    pub outcome: Challenge,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct BooksPage {
    pub items: Vec<Intent>,
    /// The intent after which the next page begins.
    pub next: Option<IntentRef>,
}

/// The body of a webhook. It names the intent and no more: how it stands is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub created: Timestamp,
    pub intent: IntentRef,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ErrorBody {
    pub code: String,
    pub message: String,
}

pub(super) const NOT_DONE: &str = "not_done";
pub(super) const UNKNOWN: &str = "unknown";

/// The codes with which the sandbox refuses. A client that is older than its sandbox knows some of them only.
const REFUSALS: [&str; 10] = [
    "amount_invalid",
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "intent_cancelled",
    "intent_unknown",
    "method_unknown",
    "refund_exceeds_capture",
    "request_invalid",
    "unauthorised",
    "unknown_token",
];

/// Status and body of an error.
pub(super) fn of_error(error: ProviderError) -> (u16, ErrorBody) {
    let body = |code: &str, message| ErrorBody { code: code.to_owned(), message };
    match error {
        ProviderError::NotDone(message) => (503, body(NOT_DONE, message)),
        ProviderError::Unknown(message) => (500, body(UNKNOWN, message)),
        ProviderError::Refused { code: "intent_unknown", reason } => (404, body("intent_unknown", reason)),
        ProviderError::Refused { code, reason } => (409, body(code, reason)),
    }
}

/// What an answer that is no success means. Only what says so did certainly nothing.
pub(super) fn to_error(status: u16, bytes: &[u8]) -> ProviderError {
    let Ok(ErrorBody { code, message }) = serde_json::from_slice(bytes) else {
        return ProviderError::Unknown(format!("the sandbox answered {status} without a reason"));
    };
    match (status, code.as_str()) {
        // Our key is wrong: that is for whoever runs the shop to mend, and nothing was done.
        (_, NOT_DONE) | (401, _) => ProviderError::NotDone(message),
        (400..=499, code) => {
            let known = REFUSALS.iter().find(|known| **known == code);
            ProviderError::Refused { code: known.copied().unwrap_or("refused"), reason: message }
        }
        _ => ProviderError::Unknown(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_means_the_same_on_both_sides() {
        let errors = [
            ProviderError::NotDone("busy".into()),
            ProviderError::Unknown("broke".into()),
            ProviderError::Refused { code: "unknown_token", reason: "no".into() },
            ProviderError::Refused { code: "intent_unknown", reason: "no".into() },
        ];
        for error in errors {
            let (status, body) = of_error(error.clone());
            assert_eq!(to_error(status, &serde_json::to_vec(&body).unwrap()), error);
        }
    }

    #[test]
    fn an_answer_that_explains_nothing_is_unknown() {
        for (status, body) in [(500, &b""[..]), (502, b"<html>"), (409, b""), (503, b"{}"), (302, b"{}")] {
            assert!(matches!(to_error(status, body), ProviderError::Unknown(_)), "{status}");
        }
        let body = br#"{"code": "unauthorised", "message": "no"}"#;
        assert!(matches!(to_error(401, body), ProviderError::NotDone(_)));
        let newer = br#"{"code": "of_tomorrow", "message": "no"}"#;
        assert!(matches!(to_error(409, newer), ProviderError::Refused { code: "refused", .. }));
    }
}
