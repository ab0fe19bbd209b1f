//! One loop for each kind: wakes what is due by the store's own list, which is also the recovery at
//! start, and puts to sleep what is idle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use souk_domain::planted::{self, Bug};
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Due, EntityId, Journal};
use tokio::task::JoinHandle;

use super::directory::Directory;
use super::entity::Entity;
use super::world::Clock;

/// How many due entities are woken in one round.
const DUE_AT_ONCE: usize = 5_000;
const TIDY_EVERY: u32 = 10;
/// One that was woken and is still due, because its process is under way, is left alone for so long.
const WAKE_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Runs until it is aborted.
pub fn start<E: Entity>(
    directory: Directory<E>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    every: Duration,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut woken = Woken::default();
        let mut skipped = BTreeSet::new();
        for round in 1_u32.. {
            ticks.tick().await;
            let now = clock.now();
            match journal.due(now, DUE_AT_ONCE).await {
                Ok(due) => {
                    if planted::is(Bug::OverdueSkipped) && round == 1 {
                        skipped.extend(due.iter().map(|due| due.entity.clone()));
                    }
                    due.into_iter()
                        .filter(|due| due.entity.kind() == E::KIND && woken.is_new(due, now))
                        .filter(|due| !skipped.contains(&due.entity))
                        .for_each(|due| directory.wake(&due.entity));
                }
                Err(error) => tracing::warn!(kind = E::KIND, %error, "due entities could not be read, trying again"),
            }
            if round % TIDY_EVERY == 0 {
                woken.forget(now);
                directory.tidy();
            }
        }
    })
}

/// Whom it woke lately, and for which deadline.
#[derive(Default)]
struct Woken(BTreeMap<EntityId, (Timestamp, Timestamp)>);

impl Woken {
    fn is_new(&mut self, due: &Due, now: Timestamp) -> bool {
        let lately = |(due_at, at): &(Timestamp, Timestamp)| *due_at == due.due_at && now.since(*at) < WAKE_AGAIN_AFTER;
        let new = !self.0.get(&due.entity).is_some_and(lately);
        if new {
            self.0.insert(due.entity.clone(), (due.due_at, now));
        }
        new
    }

    fn forget(&mut self, now: Timestamp) {
        self.0.retain(|_, (_, at)| now.since(*at) < WAKE_AGAIN_AFTER);
    }
}
