//! The live sessions of this node: how many there may be, and how they all end.

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
    draining: watch::Sender<bool>,
}

/// A session's place among those that may be open. Given back when it is dropped.
pub struct Seat {
    realtime: Realtime,
}

impl Realtime {
    pub fn new(config: RealtimeConfig) -> Self {
        let inner = Inner { config, counters: Counters::default(), draining: watch::Sender::new(false) };
        Self { inner: Arc::new(inner) }
    }

    pub fn config(&self) -> &RealtimeConfig {
        &self.inner.config
    }

    pub fn status(&self) -> RealtimeStatus {
        self.inner.counters.status()
    }

    /// Closes all sessions with a reason and takes no more. Returns when the last one has ended, or
    /// after `patience`, with the number of those that are left.
    pub async fn drain(&self, patience: Duration) -> usize {
        self.inner.draining.send_replace(true);
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
        if taken >= self.inner.config.sessions || *self.inner.draining.borrow() {
            Counters::count(&counters.sessions_refused);
            return None;
        }
        Counters::count(&counters.sessions_opened);
        Some(seat)
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Changes once, when the sessions have to end.
    pub(super) fn draining(&self) -> watch::Receiver<bool> {
        self.inner.draining.subscribe()
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
        let realtime = Realtime::new(RealtimeConfig { sessions: 2, ..RealtimeConfig::default() });
        let (one, two) = (realtime.seat(), realtime.seat());
        assert!(one.is_some() && two.is_some() && realtime.seat().is_none());
        drop(one);
        assert!(realtime.seat().is_some());
        assert_eq!(realtime.status().sessions_refused, 1);
    }

    #[tokio::test]
    async fn draining_takes_no_more_and_waits_for_the_rest() {
        let realtime = Realtime::new(RealtimeConfig::default());
        let seat = realtime.seat();
        assert_eq!(realtime.drain(Duration::from_millis(20)).await, 1);
        drop(seat);
        assert_eq!(realtime.drain(Duration::from_secs(1)).await, 0);
        assert!(realtime.seat().is_none());
    }
}
