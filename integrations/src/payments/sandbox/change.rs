//! What a step of the ledger writes: rows of the tables, as they stand after it.

use serde::Serialize;

/// The changes of one step.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub intents: Vec<IntentRow>,
    pub captures: Vec<CaptureRow>,
    pub refunds: Vec<RefundRow>,
    pub keys: Vec<KeyRow>,
    pub webhooks: Vec<WebhookRow>,
    /// Events that need not be sent any more.
    pub settled_webhooks: Vec<String>,
}

/// Times are in milliseconds since 1970.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub(super) struct IntentRow {
    pub reference: String,
    pub merchant_reference: String,
    pub amount: i64,
    pub currency: String,
    pub status: String,
    pub reason: Option<String>,
    pub ready_at: Option<i64>,
    pub changed_at: i64,
    /// How its capture is announced.
    pub announcing: String,
}

#[derive(Debug, Serialize, sqlx::FromRow)]
pub(super) struct CaptureRow {
    pub intent: String,
    pub amount: i64,
    pub captured_at: i64,
}

#[derive(Debug, Serialize, sqlx::FromRow)]
pub(super) struct RefundRow {
    pub reference: String,
    pub intent: String,
    pub amount: i64,
    pub refunded_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub(super) struct KeyRow {
    pub key: String,
    pub operation: String,
    pub intent: String,
    /// What else was asked: the same key with another request is refused.
    pub request: String,
    /// The refund that the key made.
    pub refund: Option<String>,
}

/// An event that is yet to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub(super) struct WebhookRow {
    pub id: String,
    pub intent: String,
    pub kind: String,
    pub created_at: i64,
    /// Sent more than once, although it was taken the first time.
    pub twice: bool,
    pub attempts: i64,
    pub next_at: i64,
}

impl Change {
    pub fn is_empty(&self) -> bool {
        let Self { intents, captures, refunds, keys, webhooks, settled_webhooks } = self;
        let rows = intents.len() + captures.len() + refunds.len() + keys.len();
        rows + webhooks.len() + settled_webhooks.len() == 0
    }

    /// Takes in a later change: an intent may then have several rows, the newest last.
    pub fn merge(&mut self, later: Self) {
        let Self { intents, captures, refunds, keys, webhooks, settled_webhooks } = later;
        self.intents.extend(intents);
        self.captures.extend(captures);
        self.refunds.extend(refunds);
        self.keys.extend(keys);
        self.webhooks.extend(webhooks);
        self.settled_webhooks.extend(settled_webhooks);
    }
}
