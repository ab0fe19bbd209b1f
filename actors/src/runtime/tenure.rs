//! Whether this node does what one node does for all: it holds the lease in the store, and renews it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use souk_persistence::leases::{Holder, Leases};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

/// Renewed this often within its time, so that one lost answer loses no lease.
const RENEWALS: u32 = 4;

/// Cheap to clone. What it says is judged by this node's own monotonic clock, which goes on while the process is
/// paused, from before the store was asked: it never says longer than the store does.
#[derive(Debug, Clone)]
pub struct Tenure(Option<Arc<Lease>>);

#[derive(Debug)]
struct Lease {
    name: &'static str,
    node: Uuid,
    time: Duration,
    until: Mutex<Option<Instant>>,
}

/// A lease that is asked for and renewed until it is given back.
pub struct Keeping {
    leases: Arc<dyn Leases>,
    name: &'static str,
    node: Uuid,
    task: JoinHandle<()>,
}

impl Tenure {
    /// Nobody else is there to do it.
    pub fn always() -> Self {
        Self(None)
    }

    pub fn is_held(&self) -> bool {
        match &self.0 {
            None => true,
            Some(lease) => lease.until().is_some_and(|until| Instant::now() < until),
        }
    }

    /// In whose name the store is asked whether the lease still holds, and how long it lasts; none where there is
    /// nobody else.
    pub fn holder(&self) -> Option<(Holder, Duration)> {
        self.0.as_ref().map(|lease| (Holder { lease: lease.name, node: lease.node }, lease.time))
    }

    /// Asks for a lease from here on.
    pub fn keep(leases: Arc<dyn Leases>, name: &'static str, node: Uuid, time: Duration) -> (Self, Keeping) {
        let lease = Arc::new(Lease { name, node, time, until: Mutex::new(None) });
        let task = tokio::spawn(Arc::clone(&lease).renew(Arc::clone(&leases)));
        (Self(Some(lease)), Keeping { leases, name, node, task })
    }
}

impl Keeping {
    /// So that another node need not wait for its end.
    pub async fn give_back(self) {
        let Self { leases, name, node, task } = self;
        task.abort();
        if let Err(error) = leases.release(name, node).await {
            tracing::warn!(lease = name, %error, "a lease could not be given back, it runs out by itself");
        }
    }
}

impl Lease {
    async fn renew(self: Arc<Self>, leases: Arc<dyn Leases>) {
        let (node, time) = (self.node, self.time);
        let mut ticks = tokio::time::interval(time / RENEWALS);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let asked = Instant::now();
            match leases.acquire(self.name, node, time).await {
                Ok(term) => self.set(term.map(|_| asked + time)),
                Err(error) => tracing::warn!(lease = self.name, %error, "a lease could not be asked for"),
            }
        }
    }

    fn set(&self, until: Option<Instant>) {
        let had = self.until().is_some_and(|until| Instant::now() < until);
        if had != until.is_some() {
            tracing::info!(lease = self.name, held = until.is_some(), "a lease changed hands");
        }
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    fn until(&self) -> Option<Instant> {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
