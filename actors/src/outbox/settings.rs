//! What the outbox is made of, and its bounds.

use std::sync::Arc;
use std::time::Duration;

use souk_integrations::mail::MailSender;
use souk_integrations::webhooks::WebhookSender;
use souk_persistence::outbox::OutboxStore;

pub struct OutboxParts {
    pub store: Arc<dyn OutboxStore>,
    /// None: no mails.
    pub mail: Option<Arc<dyn MailSender>>,
    pub webhooks: Arc<dyn WebhookSender>,
    pub settings: OutboxSettings,
}

#[derive(Debug, Clone)]
pub struct OutboxSettings {
    /// Entities that one transaction of the relay looks at.
    pub relay_batch: usize,
    /// How long what was delivered, and what was given up, is kept.
    pub keep_delivered: Duration,
    pub keep_parked: Duration,
    pub mail: Pace,
    /// Of each endpoint.
    pub webhooks: Pace,
    pub max_endpoints: usize,
    /// How long a secret still signs beside the one that took its place.
    pub rotation: Duration,
}

/// How fast a consumer is told.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Deliveries that are read, sent and settled together.
    pub batch: usize,
    /// Of those, how many are on their way at a time.
    pub concurrency: usize,
    /// How long after each failed attempt the next one follows; after the last of them it is parked.
    pub retries: Vec<Duration>,
}

impl Default for OutboxSettings {
    fn default() -> Self {
        let seconds = |all: &[u64]| all.iter().copied().map(Duration::from_secs).collect();
        Self {
            relay_batch: 500,
            keep_delivered: Duration::from_hours(72),
            keep_parked: Duration::from_hours(30 * 24),
            mail: Pace { batch: 128, concurrency: 4, retries: seconds(&[30, 300, 1_800, 7_200, 21_600]) },
            webhooks: Pace { batch: 64, concurrency: 16, retries: seconds(&[5, 300, 1_800, 7_200, 18_000, 36_000]) },
            max_endpoints: 50,
            rotation: Duration::from_hours(24),
        }
    }
}
