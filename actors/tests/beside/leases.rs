//! Leases of nodes that live in one process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use souk_actors::nodes::parts::{NodeParts, StoreLeases};
use souk_persistence::bus::MemoryHub;
use souk_persistence::error::StoreError;
use souk_persistence::leases::{Leases, Term};
use tokio::time::Instant;
use uuid::Uuid;

#[derive(Debug, Default)]
pub struct MemoryLeases(Mutex<BTreeMap<String, (Uuid, Term, Instant)>>);

#[async_trait]
impl Leases for MemoryLeases {
    async fn acquire(&self, lease: &str, node: Uuid, time: Duration) -> Result<Option<Term>, StoreError> {
        let (mut held, now) = (self.0.lock().unwrap_or_else(PoisonError::into_inner), Instant::now());
        let term = match held.get(lease) {
            None => 1,
            Some((holder, term, _)) if *holder == node => *term,
            Some((_, term, until)) if *until <= now => term + 1,
            Some(_) => return Ok(None),
        };
        held.insert(lease.to_owned(), (node, term, now + time));
        Ok(Some(term))
    }

    async fn release(&self, lease: &str, node: Uuid) -> Result<(), StoreError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((holder, _, until)) = held.get_mut(lease)
            && *holder == node
        {
            *until = Instant::now();
        }
        Ok(())
    }
}

/// A node of this number.
pub fn node(number: u128, hub: &MemoryHub, leases: &Arc<MemoryLeases>) -> NodeParts {
    let (bus, listener) = hub.node();
    let leases = || Arc::clone(leases) as Arc<dyn Leases>;
    NodeParts {
        id: Uuid::from_u128(number),
        bus: Arc::new(bus),
        listener,
        leases: StoreLeases { products: leases(), orders: leases(), payments: leases(), chat: leases() },
        lease_time: Duration::from_secs(2),
    }
}
