//! One loop for each kind: wakes what is due by the store's own list, which is also the recovery at
//! start, and puts to sleep what is idle.
//!
//! Among other nodes each wakes what is its own, and the one that holds the lease also what stays due: then whoever
//! wrote it last is gone, or was never there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use souk_domain::planted::{self, Bug};
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Due, EntityId};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::directory::Directory;
use super::entity::Entity;
use super::tenure::Tenure;
use super::world::Clock;

/// How many due entities are woken in one round.
const DUE_AT_ONCE: usize = 5_000;
const TIDY_EVERY: u32 = 10;
/// One that was woken and is still due, because its process is under way, is left alone for so long.
const WAKE_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// Among other nodes, one that stays due for so long is taken over.
const OVERDUE_AFTER: Duration = Duration::from_secs(2);

/// Runs until it is aborted.
pub fn start<E: Entity>(
    directory: Directory<E>,
    clock: Arc<dyn Clock>,
    every: Duration,
    tenure: Tenure,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut woken = Woken::default();
        let mut overdue = Overdue::default();
        let mut skipped = BTreeSet::new();
        for round in 1_u32.. {
            ticks.tick().await;
            let now = clock.now();
            match directory.journal().due(now, DUE_AT_ONCE).await {
                Ok(due) if directory.has_peers() => {
                    let due: Vec<Due> = due.into_iter().filter(|due| due.entity.kind() == E::KIND).collect();
                    let left = overdue.among(&due, tenure.is_held(), Instant::now());
                    left.iter().for_each(|entity| directory.wake_overdue(entity));
                    due.iter().for_each(|due| directory.wake(&due.entity));
                }
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

/// Since when this node has seen entities due without a break, while it had to look after them.
#[derive(Default)]
struct Overdue(BTreeMap<EntityId, (Timestamp, Instant)>);

impl Overdue {
    /// Those that have been due for too long. Each is told once in [`OVERDUE_AFTER`].
    fn among(&mut self, due: &[Due], is_ours: bool, now: Instant) -> Vec<EntityId> {
        let (before, mut left) = (std::mem::take(&mut self.0), Vec::new());
        for Due { entity, due_at } in due.iter().filter(|_| is_ours) {
            let since = before.get(entity).filter(|(at, _)| at == due_at).map_or(now, |(_, since)| *since);
            let is_overdue = now.duration_since(since) >= OVERDUE_AFTER;
            if is_overdue {
                left.push(entity.clone());
            }
            self.0.insert(entity.clone(), (*due_at, if is_overdue { now } else { since }));
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(entity: &str, at: i64) -> Due {
        Due { entity: EntityId::new(entity), due_at: Timestamp::from_millis(at) }
    }

    #[test]
    fn what_stays_due_is_overdue_and_what_moves_on_is_not() {
        let (start, mut overdue) = (Instant::now(), Overdue::default());
        let (stuck, moving) = (EntityId::new("ord_1"), "ord_2");
        for tick in 0..4 {
            let now = start + OVERDUE_AFTER / 4 * tick;
            assert_eq!(overdue.among(&[due("ord_1", 5), due(moving, i64::from(tick))], true, now), []);
        }
        let now = start + OVERDUE_AFTER;
        assert_eq!(overdue.among(&[due("ord_1", 5), due(moving, 4)], true, now), std::slice::from_ref(&stuck));
        assert_eq!(overdue.among(&[due("ord_1", 5)], true, now), [], "told once");
        assert_eq!(overdue.among(&[due("ord_1", 5)], true, now + OVERDUE_AFTER), [stuck]);
    }

    #[test]
    fn only_who_has_to_look_after_them_counts() {
        let (start, mut overdue) = (Instant::now(), Overdue::default());
        assert_eq!(overdue.among(&[due("ord_1", 5)], false, start), []);
        assert_eq!(overdue.among(&[due("ord_1", 5)], true, start + OVERDUE_AFTER), [], "from when it had to");
        assert_eq!(overdue.among(&[due("ord_1", 5)], false, start + OVERDUE_AFTER * 2), []);
        assert_eq!(overdue.among(&[due("ord_1", 5)], true, start + OVERDUE_AFTER * 3), []);
    }
}
