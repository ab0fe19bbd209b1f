//! A node among others: its leases, and its ends of the bus.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use souk_persistence::bus::{Bus, Listener};
use souk_persistence::leases::Leases;
use souk_persistence::stores::PersonalData;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::erasing::{ERASED, tell_erased};
use super::hearing::Hearing;
use super::kind::Kind;
use super::looking::Looking;
use super::parts::{NodeParts, StoreLeases};
use crate::marketplace::Marketplace;
use crate::runtime::tenure::{Keeping, Tenure};
use crate::topics::hub::SIGNALS;

/// Leases: waking what is due, in each store; and telling the world outside.
pub const SWEEP: &str = "sweep";
pub const OUTBOX: &str = "outbox";

pub struct Node {
    id: Uuid,
    bus: Arc<dyn Bus>,
    leases: StoreLeases,
    lease_time: Duration,
    /// Until it is listened to.
    listener: Mutex<Option<Listener>>,
    keeping: Mutex<Vec<Keeping>>,
}

/// What this node does for all, as long as it does.
#[derive(Debug, Clone)]
pub(crate) struct Tenures {
    pub products: Tenure,
    pub orders: Tenure,
    pub payments: Tenure,
    pub chat: Tenure,
    pub outbox: Tenure,
}

impl Tenures {
    /// As the only node.
    pub fn always() -> Self {
        let always = Tenure::always;
        Self { products: always(), orders: always(), payments: always(), chat: always(), outbox: always() }
    }
}

impl Node {
    pub(crate) fn new(parts: NodeParts) -> Self {
        let NodeParts { id, bus, listener, leases, lease_time } = parts;
        let (listener, keeping) = (Mutex::new(Some(listener)), Mutex::default());
        Self { id, bus, leases, lease_time, listener, keeping }
    }

    /// Asks for every lease from here on.
    pub(crate) fn keep_leases(&self) -> Tenures {
        let StoreLeases { products, orders, payments, chat } = &self.leases;
        let mut keeping = lock(&self.keeping);
        let mut keep = |leases: &Arc<dyn Leases>, name| {
            let (tenure, kept) = Tenure::keep(Arc::clone(leases), name, self.id, self.lease_time);
            keeping.push(kept);
            tenure
        };
        Tenures {
            products: keep(products, SWEEP),
            orders: keep(orders, SWEEP),
            payments: keep(payments, SWEEP),
            chat: keep(chat, SWEEP),
            outbox: keep(orders, OUTBOX),
        }
    }

    /// Listens to the others from here on. Tasks to be aborted.
    pub(crate) async fn follow(&self, market: &Marketplace) -> Vec<JoinHandle<()>> {
        let kinds: [Box<dyn Kind>; 6] = [
            Box::new(market.products.directory.clone()),
            Box::new(market.carts.directory.clone()),
            Box::new(market.orders.directory.clone()),
            Box::new(market.discounts.directory.clone()),
            Box::new(market.payments.directory.clone()),
            Box::new(market.rooms.directory.clone()),
        ];
        let channels = kinds.iter().map(|kind| kind.name()).chain([SIGNALS, ERASED]);
        self.bus.join(channels.map(Into::into).collect()).await;
        let (kinds, look_now): (Arc<[Box<dyn Kind>]>, _) = (Arc::new(kinds), Arc::new(Notify::new()));
        let hearing = Hearing {
            kinds: Arc::clone(&kinds),
            hub: market.hub.clone(),
            views: market.views.clone(),
            products_changed: market.products_changed(),
            orders_committed: market.orders_committed(),
            personal: [
                Arc::clone(&market.orders.store) as Arc<dyn PersonalData>,
                Arc::clone(&market.rooms.store) as Arc<dyn PersonalData>,
            ],
            look_now: Arc::clone(&look_now),
        };
        let looking = Looking { kinds, hub: market.hub.clone(), now: look_now };
        let heard = lock(&self.listener).take().map(|listener| tokio::spawn(hearing.run(listener)));
        heard.into_iter().chain([tokio::spawn(looking.run())]).collect()
    }

    /// These persons were erased, and these entities know one.
    pub(crate) fn tell_erased<'a>(&self, ids: impl IntoIterator<Item = &'a str>) {
        tell_erased(&*self.bus, ids);
    }

    /// Tells the others the last news, and leaves what it did for all to them.
    pub(crate) async fn stop(&self) {
        let keeping = std::mem::take(&mut *lock(&self.keeping));
        for kept in keeping {
            kept.give_back().await;
        }
        self.bus.close().await;
    }
}

/// These are never half changed, so a panic elsewhere does not spoil them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
