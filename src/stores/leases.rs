//! Who uses a store that others can open. Nodes share their work by leases; one that is alone on its stores holds one
//! to be seen by, and so does a copy.

use std::time::Duration;

use souk_actors::nodes::node;
use souk_actors::runtime::world::{Chance, SystemChance};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

use super::open::SharedStore;

/// Held by a shop that has no bus to others.
pub const ALONE: &str = "alone";
/// Held by a copy.
const COPY: &str = "copy";
/// How long a copy's leases last without being renewed.
const COPYING: Duration = Duration::from_secs(10);
/// Renewed this often within its time.
const RENEWALS: u32 = 4;
/// Between two looks at a lease that another has.
const PAUSE: Duration = Duration::from_millis(500);

/// Leases that are held until they are given back.
pub struct Held {
    held: Vec<(SharedStore, &'static str)>,
    me: Uuid,
    task: JoinHandle<()>,
}

impl Held {
    /// Asks for one lease in each store from here on.
    pub fn keep(stores: Vec<SharedStore>, lease: &'static str, time: Duration) -> Self {
        Self::renewing(stores.into_iter().map(|store| (store, lease)).collect(), SystemChance.random(), time)
    }

    /// Takes every lease that somebody who uses the stores would hold. What is left of a process that was killed runs
    /// out meanwhile.
    ///
    /// # Errors
    /// Which store is in use.
    pub async fn take_all(stores: Vec<SharedStore>, side: &str) -> anyhow::Result<Self> {
        let me = SystemChance.random();
        let mut held = Vec::new();
        for store in stores {
            for lease in [COPY, ALONE, node::SWEEP, node::OUTBOX] {
                held.push((store.clone(), lease));
            }
        }
        let asked = Instant::now();
        for (store, lease) in &held {
            let mut told = false;
            while store.leases.acquire(lease, me, COPYING).await?.is_none() {
                let domain = store.domain;
                if asked.elapsed() > COPYING + PAUSE {
                    let who = if *lease == COPY { "another copy has" } else { "a shop is open on" };
                    anyhow::bail!(
                        "{side}: {who} stores.{domain}, or ended without closing it a moment ago: stop it (every node), \
                         wait for nodes.lease_seconds, and run this again"
                    );
                }
                if !told {
                    eprintln!("{side}: waiting for stores.{domain}, which somebody uses or used a moment ago");
                    told = true;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(Self::renewing(held, me, COPYING))
    }

    fn renewing(held: Vec<(SharedStore, &'static str)>, me: Uuid, time: Duration) -> Self {
        let renewed = held.clone();
        let task = tokio::spawn(async move {
            let mut ticks = tokio::time::interval(time / RENEWALS);
            loop {
                ticks.tick().await;
                for (store, lease) in &renewed {
                    if let Err(error) = store.leases.acquire(lease, me, time).await {
                        tracing::warn!(domain = store.domain, lease, %error, "a lease could not be renewed");
                    }
                }
            }
        });
        Self { held, me, task }
    }

    /// So that nobody need wait for their end.
    pub async fn give_back(self) {
        let Self { held, me, task } = self;
        task.abort();
        // Or a renewal that is under way could come after it.
        let _ = task.await;
        for (store, lease) in held {
            if let Err(error) = store.leases.release(lease, me).await {
                tracing::warn!(domain = store.domain, lease, %error, "a lease could not be given back, it runs out");
            }
        }
    }
}
