//! What Souk asks of a payment provider, in the words that providers use themselves.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use souk_domain::money::Money;
use souk_domain::time::Timestamp;

/// A provider of payments. Each call that changes something carries an idempotency key: the same key has one
/// effect, and the calls after the first answer how things stand now.
#[async_trait]
pub trait PaymentProvider: Send + Sync + 'static {
    fn name(&self) -> &'static str;

    /// Opens an intent to pay an amount.
    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError>;

    /// Pays with a method. A declined intent can be confirmed again with another key; one that is captured or
    /// processing stays as it is and answers so.
    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError>;

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError>;

    /// Voids an intent that isn't captured. The status of the answer tells: one that was captured stays captured,
    /// one that is processing may stay so.
    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError>;

    /// Gives back a part of what was captured, or all of it.
    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError>;

    /// The header that carries the signature of this provider's webhooks.
    fn signature_header(&self) -> &'static str;

    /// Reads a webhook that claims to come from this provider. It is a hint and no more: it may come twice, late
    /// or never, so whoever gets one asks the provider how things stand.
    ///
    /// # Errors
    /// Why it is not believed or not understood.
    fn read_webhook(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<WebhookHint, WebhookFault>;
}

/// Where a buyer passes or fails the challenge of a payment that is only played.
#[async_trait]
pub trait ChallengeDesk: Send + Sync + 'static {
    /// Passing captures, failing declines. An intent that waits for no challenge stays as it is, and its answer
    /// tells how it is.
    ///
    /// # Errors
    /// Refused with `intent_unknown`, or as every call.
    async fn resolve_challenge(&self, intent: &IntentRef, outcome: Challenge) -> Result<Intent, ProviderError>;
}

/// What the buyer does at the `action_url`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    Pass,
    Fail,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateIntent {
    /// 1 to 255 characters, as every idempotency key.
    pub key: String,
    /// More than zero.
    pub amount: Money,
    /// Our own name for what is paid: the payment's id.
    pub merchant_reference: String,
}

/// The provider's name for an intent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentRef(pub String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    pub reference: IntentRef,
    pub merchant_reference: String,
    pub status: IntentStatus,
    pub amount: Money,
    /// In minor units: nothing, or the whole amount.
    pub captured: i64,
    /// In minor units, at most what was captured.
    pub refunded: i64,
    /// What the provider's code in the browser needs.
    pub client: serde_json::Value,
    /// Where the buyer is sent while the status is `requires_action`.
    pub action_url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum IntentStatus {
    RequiresMethod,
    /// The intent stays open: another method may do.
    Declined {
        reason: String,
    },
    RequiresAction,
    Processing {
        /// When the provider expects to know, if it says so.
        ready_at: Option<Timestamp>,
    },
    Captured,
    Cancelled,
}

/// How the buyer pays: the `method` of `POST /api/v1/payments/{id}/confirm`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    SandboxCard { token: String },
    Stripe { payment_method: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// The provider's name for it.
    pub reference: String,
    pub amount: Money,
    /// The intent as it stands now.
    pub intent: Intent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookHint {
    /// The provider's name for the event.
    pub event: String,
    /// The intent that changed; none where the event is about something else.
    pub intent: Option<IntentRef>,
}

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFault {
    #[error("the signature is not the provider's")]
    Forged,
    #[error("it was signed too long ago, or in the future")]
    Stale,
    #[error("it is not what the provider sends")]
    Malformed,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// Nothing happened, certainly: it may be tried again.
    #[error("the provider did nothing: {0}")]
    NotDone(String),
    /// It may have happened: only the same key, or retrieving the intent, can tell.
    #[error("it is not known what the provider did: {0}")]
    Unknown(String),
    /// The provider understood and will not do it, now or later.
    #[error("the provider refused ({code}): {reason}")]
    Refused { code: &'static str, reason: String },
}

impl fmt::Display for IntentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
