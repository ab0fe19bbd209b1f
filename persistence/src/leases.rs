//! The port of leases: work that one node at a time does for all, such as waking what is due. A lease runs out on the
//! store's own clock, so it moves when its holder dies, and no node's clock is asked. It only saves work: a holder
//! that was paused and does not know yet that another took over can do no harm, because journals and deliveries are
//! numbered.

use std::time::Duration;

use async_trait::async_trait;
use uuid::Uuid;

use crate::error::StoreError;

/// Grows each time that a lease changes its holder.
pub type Term = u64;

/// A node that does something because it holds a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    pub lease: &'static str,
    pub node: Uuid,
}

#[async_trait]
pub trait Leases: Send + Sync + 'static {
    /// Takes a lease that is free or has run out, or renews one's own, for `time` from now. None: another has it.
    async fn acquire(&self, lease: &str, node: Uuid, time: Duration) -> Result<Option<Term>, StoreError>;

    /// Gives a lease back if it is one's own, so that the next one need not wait.
    async fn release(&self, lease: &str, node: Uuid) -> Result<(), StoreError>;
}
