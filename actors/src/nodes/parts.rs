//! What a node needs to know of the others.

use std::sync::Arc;
use std::time::Duration;

use souk_persistence::bus::{Bus, Listener};
use souk_persistence::leases::Leases;
use uuid::Uuid;

pub struct NodeParts {
    /// Made anew at each start: a lease of a process that is gone is not this one's.
    pub id: Uuid,
    pub bus: Arc<dyn Bus>,
    pub listener: Listener,
    pub leases: StoreLeases,
    /// How long a lease lasts without being renewed: what a node did for all is done by another after so long.
    pub lease_time: Duration,
}

/// Each store has its own, on its own clock.
#[derive(Clone)]
pub struct StoreLeases {
    pub products: Arc<dyn Leases>,
    pub orders: Arc<dyn Leases>,
    pub payments: Arc<dyn Leases>,
    pub chat: Arc<dyn Leases>,
}
