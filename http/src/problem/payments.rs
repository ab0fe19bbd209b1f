//! What a payment refuses, and what its provider does.

use std::time::Duration;

use souk_actors::payments::service::PaymentError;
use souk_actors::runtime::error::CallError;
use souk_domain::payment::command::PaymentRefusal;
use souk_integrations::payments::{ProviderError, WebhookFault};

use super::{Code, Problem};

const SOON: Duration = Duration::from_secs(1);

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        match error {
            CallError::Refused(PaymentRefusal::NotFound) => Self::not_found(),
            CallError::Refused(PaymentRefusal::Closed) => Self::new(Code::PaymentClosed),
            CallError::Refused(PaymentRefusal::TooManyAttempts) => Self::new(Code::TooManyAttempts),
            CallError::Refused(PaymentRefusal::RefundTooLarge { refundable }) => {
                Self::new(Code::RefundTooLarge).detail(format!("{refundable} in minor units can be given back"))
            }
            CallError::Refused(PaymentRefusal::TooManyRefunds) => Self::new(Code::TooManyRefunds),
            CallError::Refused(PaymentRefusal::RefundInProgress) => Self::new(Code::InProgress).retry_after(SOON),
            CallError::Unavailable(cause) => cause.into(),
        }
    }
}

impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::NotDone(_) => Self::new(Code::Overloaded).retry_after(SOON),
            ProviderError::Unknown(_) => Self::new(Code::TimedOut).retry_after(SOON),
            ProviderError::Refused { .. } => Self::not_found(),
        }
    }
}

impl From<WebhookFault> for Problem {
    fn from(fault: WebhookFault) -> Self {
        Self::new(match fault {
            WebhookFault::Forged => Code::WebhookSignatureInvalid,
            WebhookFault::Stale => Code::WebhookStale,
            WebhookFault::Malformed => Code::WebhookMalformed,
        })
    }
}
