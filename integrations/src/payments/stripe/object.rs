//! What of Stripe's objects is read. Fields that are not named here are nobody's business.

use std::collections::HashMap;

use serde::Deserialize;

use super::super::port::{Intent, IntentRef, IntentStatus, ProviderError};
use super::money::from_stripe;

/// Under this name our payment's id is written on the intent.
pub(super) const REFERENCE: &str = "merchant_reference";

#[derive(Debug, Deserialize)]
pub(super) struct PaymentIntent {
    pub id: String,
    amount: i64,
    #[serde(default)]
    amount_received: i64,
    currency: String,
    status: String,
    client_secret: Option<String>,
    #[serde(default)]
    metadata: HashMap<String, String>,
    last_payment_error: Option<ErrorObject>,
    next_action: Option<NextAction>,
    latest_charge: Option<LatestCharge>,
}

/// Its id, unless it was asked for as a whole.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum LatestCharge {
    Whole(Charge),
    #[expect(dead_code, reason = "only its shape is known")]
    Name(String),
}

#[derive(Debug, Deserialize)]
struct Charge {
    #[serde(default)]
    amount_refunded: i64,
}

#[derive(Debug, Deserialize)]
struct NextAction {
    redirect_to_url: Option<Redirect>,
}

#[derive(Debug, Deserialize)]
struct Redirect {
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorBody {
    pub error: ErrorObject,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorObject {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub code: Option<String>,
    pub decline_code: Option<String>,
    pub message: Option<String>,
    pub payment_intent: Option<Box<PaymentIntent>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub id: String,
    pub status: Option<String>,
    pub failure_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub id: String,
    data: EventData,
}

#[derive(Debug, Deserialize)]
struct EventData {
    object: EventObject,
}

#[derive(Debug, Deserialize)]
struct EventObject {
    id: Option<String>,
    object: Option<String>,
    /// On charges, refunds and disputes: whose they are.
    payment_intent: Option<String>,
}

impl PaymentIntent {
    /// # Errors
    /// `Unknown` where Stripe speaks of a sum or a status that we have no word for.
    pub fn read(self, publishable_key: &str) -> Result<Intent, ProviderError> {
        let Self {
            id,
            amount,
            amount_received,
            currency,
            status,
            client_secret,
            mut metadata,
            last_payment_error,
            next_action,
            latest_charge,
        } = self;
        let strange = |what: &str| ProviderError::Unknown(format!("Stripe's intent {id} has {what}"));
        let money = |amount| from_stripe(amount, &currency).ok_or_else(|| strange("a sum that we cannot write"));
        let refunded = match latest_charge {
            Some(LatestCharge::Whole(charge)) => charge.amount_refunded,
            Some(LatestCharge::Name(_)) | None => 0,
        };
        let status = match status.as_str() {
            // A failed attempt puts the intent back to where it waits for a method.
            "requires_payment_method" => match last_payment_error {
                Some(error) => IntentStatus::Declined { reason: error.reason() },
                None => IntentStatus::RequiresMethod,
            },
            "requires_confirmation" => IntentStatus::RequiresMethod,
            "requires_action" => IntentStatus::RequiresAction,
            "processing" => IntentStatus::Processing { ready_at: None },
            "succeeded" => IntentStatus::Captured,
            "canceled" => IntentStatus::Cancelled,
            // `requires_capture` too: Souk never asks for an authorisation alone.
            other => return Err(strange(&format!("the status {other}"))),
        };
        let action_url = next_action.and_then(|action| action.redirect_to_url?.url);
        Ok(Intent {
            amount: money(amount)?,
            captured: money(amount_received)?.amount,
            refunded: money(refunded)?.amount,
            merchant_reference: metadata.remove(REFERENCE).unwrap_or_default(),
            client: serde_json::json!({ "client_secret": client_secret, "publishable_key": publishable_key }),
            reference: IntentRef(id),
            status,
            action_url,
        })
    }
}

impl ErrorObject {
    /// For the buyer, as Stripe words it.
    pub fn reason(&self) -> String {
        let Self { kind: _, code, decline_code, message, payment_intent: _ } = self;
        let known = message.as_ref().or(decline_code.as_ref()).or(code.as_ref());
        known.cloned().unwrap_or_else(|| "the card was declined".to_owned())
    }
}

impl Event {
    /// The intent that the event is about; none where it is about something else.
    pub fn intent(self) -> Option<IntentRef> {
        let EventObject { id, object, payment_intent } = self.data.object;
        let named = if object.as_deref() == Some("payment_intent") { id } else { payment_intent };
        named.map(IntentRef)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(change: Value) -> Result<Intent, ProviderError> {
        let mut intent = json!({
            "id": "pi_1", "object": "payment_intent", "amount": 1_999, "amount_received": 0, "currency": "usd",
            "status": "requires_payment_method", "client_secret": "pi_1_secret", "livemode": false,
            "metadata": { "merchant_reference": "pay_1" }, "last_payment_error": null, "next_action": null,
            "latest_charge": null,
        });
        intent.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value::<PaymentIntent>(intent).unwrap().read("pk_1")
    }

    #[test]
    fn each_status_has_its_word() {
        let error = json!({ "type": "card_error", "code": "card_declined", "message": "Your card was declined." });
        let reason = "Your card was declined.".to_owned();
        for (change, status) in [
            (json!({}), IntentStatus::RequiresMethod),
            (json!({ "last_payment_error": error }), IntentStatus::Declined { reason }),
            (json!({ "status": "requires_confirmation" }), IntentStatus::RequiresMethod),
            (json!({ "status": "requires_action" }), IntentStatus::RequiresAction),
            (json!({ "status": "processing" }), IntentStatus::Processing { ready_at: None }),
            (json!({ "status": "succeeded", "amount_received": 1_999 }), IntentStatus::Captured),
            (json!({ "status": "canceled" }), IntentStatus::Cancelled),
        ] {
            assert_eq!(read(change.clone()).unwrap().status, status, "{change}");
        }
        for change in [json!({ "status": "requires_capture" }), json!({ "currency": "isk", "amount": 150 })] {
            assert!(matches!(read(change), Err(ProviderError::Unknown(_))));
        }
    }

    #[test]
    fn sums_and_names_are_read() {
        let paid = json!({
            "status": "succeeded", "currency": "jpy", "amount": 500, "amount_received": 500,
            "latest_charge": { "id": "ch_1", "amount_refunded": 200 },
        });
        let intent = read(paid).unwrap();
        assert_eq!((intent.amount.to_string(), intent.captured, intent.refunded), ("500 JPY".into(), 500, 200));
        assert_eq!((intent.reference.0.as_str(), intent.merchant_reference.as_str()), ("pi_1", "pay_1"));
        assert_eq!(intent.client, json!({ "client_secret": "pi_1_secret", "publishable_key": "pk_1" }));
        assert_eq!(read(json!({ "latest_charge": "ch_1" })).unwrap().refunded, 0);
        let redirect = json!({
            "status": "requires_action",
            "next_action": { "type": "redirect_to_url", "redirect_to_url": { "url": "https://bank" } },
        });
        assert_eq!(read(redirect).unwrap().action_url.as_deref(), Some("https://bank"));
    }

    #[test]
    fn an_event_names_its_intent() {
        let intent = |object: Value| {
            let event = json!({ "id": "evt_1", "type": "any", "data": { "object": object } });
            serde_json::from_value::<Event>(event).unwrap().intent()
        };
        assert_eq!(intent(json!({ "id": "pi_1", "object": "payment_intent" })), Some(IntentRef("pi_1".into())));
        let charge = json!({ "id": "ch_1", "object": "charge", "payment_intent": "pi_1" });
        assert_eq!(intent(charge), Some(IntentRef("pi_1".into())));
        assert_eq!(intent(json!({ "id": "cus_1", "object": "customer" })), None);
    }
}
