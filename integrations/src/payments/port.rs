//! What Souk asks of a payment provider, in the words that providers use themselves.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use souk_domain::money::Money;
use souk_domain::time::Timestamp;
use tokio::sync::broadcast;

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

    /// The provider's webhook: intents that changed without a call of [`PaymentProvider`].
    ///
    /// It is a hint, like any webhook: it may come twice, and a receiver that lags loses the oldest
    /// (`RecvError::Lagged`). Whoever waits for an intent also retrieves it at start and from time to time.
    fn subscribe(&self) -> broadcast::Receiver<IntentChanged>;
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
}

#[derive(Debug, Clone, PartialEq)]
pub struct Refund {
    /// The provider's name for it.
    pub reference: String,
    pub amount: Money,
    /// The intent as it stands now.
    pub intent: Intent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentChanged {
    pub intent: IntentRef,
    pub merchant_reference: String,
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
