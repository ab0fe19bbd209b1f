//! What is asked of a sender of webhooks.

use async_trait::async_trait;

use super::secret::Secret;

#[derive(Debug, Clone)]
pub struct WebhookRequest {
    pub url: String,
    /// The same for every attempt, so that the receiver can drop what it has already.
    pub id: String,
    /// Seconds since 1970: the time of this attempt.
    pub timestamp: i64,
    /// JSON.
    pub body: String,
    /// Each of them signs. At least one.
    pub secrets: Vec<Secret>,
}

/// There was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsent(pub String);

#[async_trait]
pub trait WebhookSender: Send + Sync + 'static {
    /// Posts it and returns the HTTP status, whatever it is.
    ///
    /// # Errors
    /// Why there is no status: no connection, an address that may not be asked, no answer in time.
    async fn post(&self, request: WebhookRequest) -> Result<u16, Unsent>;

    /// Whether anything may be sent to this URL, as far as its text tells.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    fn check(&self, url: &str) -> Result<(), String>;
}
