//! What Stripe's errors mean (<https://docs.stripe.com/api/errors>, <https://docs.stripe.com/error-low-level>).

use super::super::port::ProviderError;
use super::object::{ErrorBody, ErrorObject};

/// What Stripe says about an intent that is not where the call wants it.
pub(super) const UNEXPECTED_STATE: &str = "payment_intent_unexpected_state";

/// An answer that is no success.
pub(super) fn read(status: u16, bytes: &[u8]) -> (ProviderError, Option<ErrorObject>) {
    let error = serde_json::from_slice(bytes).ok().map(|ErrorBody { error }| error);
    let text = error.as_ref().map_or_else(|| format!("Stripe answered {status}"), |error| error.reason());
    (meaning(status, error.as_ref(), text), error)
}

fn meaning(status: u16, error: Option<&ErrorObject>, text: String) -> ProviderError {
    let code = error.and_then(|error| error.code.as_deref()).unwrap_or_default();
    let kind = error.and_then(|error| error.kind.as_deref()).unwrap_or_default();
    let refused = |code, reason| ProviderError::Refused { code, reason };
    match (status, kind, code) {
        // Our key is wrong or may not do this: for whoever runs the shop to mend, and nothing was done.
        (401 | 403, ..) => ProviderError::NotDone(text),
        (402, ..) => refused("card_declined", text),
        // An earlier call with the same key still runs: its outcome is ours.
        (409, ..) => ProviderError::Unknown(text),
        // Turned away at the door, or another call holds the object: nothing was done.
        (429, ..) => ProviderError::NotDone(text),
        (_, "idempotency_error", _) => refused("idempotency_key_reused", text),
        (404, _, "resource_missing") => refused("intent_unknown", text),
        (400, _, UNEXPECTED_STATE) => refused(UNEXPECTED_STATE, text),
        (400, _, "charge_already_refunded") => refused("refund_exceeds_capture", text),
        (400..=499, ..) if error.is_some() => refused("refused", text),
        // 5xx, a redirect, or something between us and Stripe. Stripe keeps a 500 under its key, so that asking
        // again does not help: the intent has to be looked at.
        _ => ProviderError::Unknown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_what_is_not_and_what_nobody_knows() {
        let body = |kind: &str, code: &str| {
            format!(r#"{{"error": {{"type": "{kind}", "code": "{code}", "message": "words"}}}}"#)
        };
        let error = |status, kind: &str, code: &str| read(status, body(kind, code).as_bytes()).0;
        let not_done = |error| matches!(error, ProviderError::NotDone(_));
        let unknown = |error| matches!(error, ProviderError::Unknown(_));
        for status in [401, 403, 429] {
            assert!(not_done(error(status, "invalid_request_error", "any")), "{status}");
        }
        for status in [409, 500, 502, 503, 504] {
            assert!(unknown(error(status, "api_error", "any")), "{status}");
            assert!(unknown(read(status, b"<html>").0), "{status}");
        }
        assert!(unknown(read(404, b"not found").0), "not Stripe that answers");
        for (status, kind, code, ours) in [
            (402, "card_error", "card_declined", "card_declined"),
            (402, "card_error", "insufficient_funds", "card_declined"),
            (400, "idempotency_error", "", "idempotency_key_reused"),
            (404, "invalid_request_error", "resource_missing", "intent_unknown"),
            (400, "invalid_request_error", "charge_already_refunded", "refund_exceeds_capture"),
            (400, "invalid_request_error", UNEXPECTED_STATE, UNEXPECTED_STATE),
            (400, "invalid_request_error", "amount_too_small", "refused"),
        ] {
            let refused = ProviderError::Refused { code: ours, reason: "words".into() };
            assert_eq!(error(status, kind, code), refused, "{status} {code}");
        }
    }
}
