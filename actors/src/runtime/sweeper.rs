//! One loop for each kind: wakes what is due by the store's own list, which is also the recovery at
//! start, and puts to sleep what is idle.

use std::time::Duration;

use super::directory::Directory;
use super::entity::Entity;
use souk_persistence::journal::Journal;
use std::sync::Arc;
use tokio::task::JoinHandle;

use super::world::Clock;

/// How many due entities are woken in one round.
const DUE_AT_ONCE: usize = 5_000;
const TIDY_EVERY: u32 = 10;

/// Runs until it is aborted.
pub fn start<E: Entity>(directory: Directory<E>, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, every: Duration) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for round in 1_u32.. {
            ticks.tick().await;
            match journal.due(clock.now(), DUE_AT_ONCE).await {
                Ok(due) => due.iter().filter(|due| due.entity.kind() == E::KIND).for_each(|due| directory.wake(&due.entity)),
                Err(error) => tracing::warn!(kind = E::KIND, %error, "due entities could not be read, trying again"),
            }
            if round % TIDY_EVERY == 0 {
                directory.tidy();
            }
        }
    })
}
