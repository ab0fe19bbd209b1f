//! What a step of the ledger writes: rows of the tables, as they stand after it.

use serde::Serialize;

use super::super::port::{IntentChanged, IntentRef};

/// The changes of one step, and whom to tell once they are committed.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub intents: Vec<IntentRow>,
    pub captures: Vec<CaptureRow>,
    pub refunds: Vec<RefundRow>,
    pub keys: Vec<KeyRow>,
    pub announcements: Vec<IntentChanged>,
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

impl Change {
    pub fn is_empty(&self) -> bool {
        let Self { intents, captures, refunds, keys, announcements } = self;
        let rows = intents.len() + captures.len() + refunds.len() + keys.len();
        rows == 0 && announcements.is_empty()
    }

    /// Takes in a later change: an intent may then have several rows, the newest last.
    pub fn merge(&mut self, later: Self) {
        let Self { intents, captures, refunds, keys, announcements } = later;
        self.intents.extend(intents);
        self.captures.extend(captures);
        self.refunds.extend(refunds);
        self.keys.extend(keys);
        self.announcements.extend(announcements);
    }

    pub fn announce(&mut self, intent: &IntentRef, merchant_reference: &str) {
        let (intent, merchant_reference) = (intent.clone(), merchant_reference.to_owned());
        self.announcements.push(IntentChanged { intent, merchant_reference });
    }
}
