//! Forgets what is long settled, a bounded piece at a time, and counts what is not.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use souk_persistence::outbox::{Backlog, OutboxStore, Retention};

use super::settings::OutboxSettings;
use crate::runtime::tenure::Tenure;
use crate::runtime::world::Clock;

const EVERY: Duration = Duration::from_secs(1);
/// What is forgotten in one transaction; there is one each round, so as much is forgotten as can be told.
const FORGOTTEN_AT_ONCE: usize = 2_000;

pub(super) struct Keeper {
    pub store: Arc<dyn OutboxStore>,
    pub clock: Arc<dyn Clock>,
    pub settings: OutboxSettings,
    pub backlog: Arc<ArcSwap<Backlog>>,
    pub tenure: Tenure,
}

impl Keeper {
    /// Runs until it is aborted.
    pub(super) async fn run(self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = self.clock.now();
            let retention = Retention {
                delivered_before: now.minus(self.settings.keep_delivered),
                parked_before: now.minus(self.settings.keep_parked),
            };
            if self.tenure.is_held()
                && let Err(error) = self.store.forget(retention, FORGOTTEN_AT_ONCE).await
            {
                tracing::warn!(%error, "old deliveries could not be forgotten, trying again");
            }
            match self.store.backlog().await {
                Ok(backlog) => self.backlog.store(Arc::new(backlog)),
                Err(error) => tracing::warn!(%error, "the outbox could not be counted"),
            }
        }
    }
}
