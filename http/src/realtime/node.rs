//! The live sessions of this node: how many there may be, and what they did.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;

use super::config::RealtimeConfig;
use super::counters::{Counters, RealtimeStatus};

/// Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Realtime {
    inner: Arc<Inner>,
}

struct Inner {
    config: RealtimeConfig,
    counters: Counters,
    stopping: watch::Receiver<bool>,
}

/// A session's place among those that may be open. Given back when it is dropped.
pub struct Seat {
    realtime: Realtime,
}

impl Realtime {
    /// Once `stopping` becomes true all sessions are closed with a reason, and no more are taken.
    pub fn new(config: RealtimeConfig, stopping: watch::Receiver<bool>) -> Self {
        Self { inner: Arc::new(Inner { config, counters: Counters::default(), stopping }) }
    }

    pub fn config(&self) -> &RealtimeConfig {
        &self.inner.config
    }

    pub fn status(&self) -> RealtimeStatus {
        self.inner.counters.status()
    }

    /// Waits until the last session has ended, up to `patience`. Tells how many are left.
    pub async fn drained(&self, patience: Duration) -> usize {
        let _ = tokio::time::timeout(patience, async {
            while self.status().sessions_open > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        self.status().sessions_open
    }

    /// None when there are as many sessions as may be, or when no more are taken.
    pub(super) fn seat(&self) -> Option<Seat> {
        let counters = self.counters();
        let taken = counters.sessions_open.fetch_add(1, Ordering::Relaxed);
        let seat = Seat { realtime: self.clone() };
        if taken >= self.inner.config.max_sessions as usize || *self.inner.stopping.borrow() {
            Counters::count(&counters.sessions_refused);
            return None;
        }
        Counters::count(&counters.sessions_opened);
        Some(seat)
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Becomes true when the sessions have to end.
    pub(super) fn stopping(&self) -> watch::Receiver<bool> {
        self.inner.stopping.clone()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.realtime.counters().sessions_open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_are_only_so_many_seats_and_a_seat_is_given_back() {
        let stopping = watch::Sender::new(false);
        let config = RealtimeConfig { max_sessions: 2, ..RealtimeConfig::default() };
        let realtime = Realtime::new(config, stopping.subscribe());
        let (one, two) = (realtime.seat(), realtime.seat());
        assert!(one.is_some() && two.is_some() && realtime.seat().is_none());
        drop(one);
        assert!(realtime.seat().is_some());
        assert_eq!(realtime.status().sessions_refused, 1);
    }

    #[tokio::test]
    async fn stopping_takes_no_more_and_waits_for_the_rest() {
        let stopping = watch::Sender::new(false);
        let realtime = Realtime::new(RealtimeConfig::default(), stopping.subscribe());
        let seat = realtime.seat();
        stopping.send_replace(true);
        assert_eq!(realtime.drained(Duration::from_millis(20)).await, 1);
        drop(seat);
        assert_eq!(realtime.drained(Duration::from_secs(1)).await, 0);
        assert!(realtime.seat().is_none());
    }
}
