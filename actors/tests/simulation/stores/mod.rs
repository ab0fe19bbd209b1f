//! A store in memory that implements every port of persistence, with faults.
//!
//! * `books`: what is written down
//! * `journal`: the port of the journals; appends may fail, or leave it open whether they were done
//! * `domains`: the queries of each domain
//! * `outbox`: what is to be told to the world outside

mod accounts;
mod books;
mod contract;
mod domains;
mod journal;
mod outbox;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use souk_actors::marketplace::Stores;
use souk_persistence::error::StoreError;
use souk_persistence::journal::{Commit, EntityId};

use crate::world::{World, lock};
use accounts::NoAccounts;
use books::Books;

/// The longest that an ordinary read or write takes, in milliseconds.
const READ_MILLIS: u64 = 4;
const WRITE_MILLIS: u64 = 12;

/// The data survives a crash of the process that uses it. Cheap to clone: a handle.
#[derive(Clone)]
pub struct MemoryStore(Arc<Inner>);

struct Inner {
    name: &'static str,
    world: Arc<World>,
    books: Mutex<Books>,
    on_the_way: Mutex<OnTheWay>,
    newest: Mutex<BTreeMap<EntityId, Newest>>,
}

/// The newest commit of an entity: when it was written, and who can know of it.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    pub at: Duration,
    pub writer: Writer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The entity's own actor, which was answered or finds it when it starts again.
    Actor,
    /// Somebody else, or the network, long after the actor has looked.
    Unnoticed,
}

/// Commits that were handed over and not written yet.
#[derive(Default)]
struct OnTheWay {
    next: u64,
    commits: BTreeMap<u64, Commit>,
}

impl MemoryStore {
    pub fn new(name: &'static str, world: &Arc<World>) -> Self {
        let (books, on_the_way, newest) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { name, world: Arc::clone(world), books, on_the_way, newest }))
    }

    pub fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.0.books)
    }

    pub fn newest(&self, entity: &EntityId) -> Option<Newest> {
        lock(&self.0.newest).get(entity).copied()
    }

    pub fn written_by(&self, entity: &EntityId, writer: Writer) {
        let at = self.world().passed();
        lock(&self.0.newest).insert(entity.clone(), Newest { at, writer });
    }

    fn world(&self) -> &World {
        &self.0.world
    }

    fn hand_over(&self, commit: &Commit) -> u64 {
        let mut on_the_way = lock(&self.0.on_the_way);
        on_the_way.next += 1;
        let ticket = on_the_way.next;
        on_the_way.commits.insert(ticket, commit.clone());
        ticket
    }

    fn take_back(&self, ticket: u64) -> Option<Commit> {
        lock(&self.0.on_the_way).commits.remove(&ticket)
    }

    /// The process is dead; what it had handed over arrives or does not.
    pub fn decide_what_was_on_the_way(&self) {
        let commits = std::mem::take(&mut lock(&self.0.on_the_way).commits);
        for commit in commits.into_values() {
            if self.world().happens(500) {
                let outcome = self.books().append(&commit);
                self.world().note(format_args!(
                    "{} arrives after the crash: {} after {}: {}",
                    self.0.name,
                    commit.entity,
                    commit.predecessor,
                    if outcome.is_ok() { "written" } else { "refused" }
                ));
            }
        }
    }

    /// A read takes time and may fail.
    async fn reading(&self) -> Result<(), StoreError> {
        let Some(weather) = self.world().weather() else { return Ok(()) };
        self.world().pause(READ_MILLIS).await;
        if self.world().happens(weather.read_fails) {
            return Err(StoreError::Unavailable("simulated".into()));
        }
        Ok(())
    }
}

/// One store for each domain.
#[derive(Clone)]
pub struct AllStores {
    pub products: MemoryStore,
    pub orders: MemoryStore,
    pub payments: MemoryStore,
    pub chat: MemoryStore,
}

impl AllStores {
    pub fn new(world: &Arc<World>) -> Self {
        Self {
            products: MemoryStore::new("products", world),
            orders: MemoryStore::new("orders", world),
            payments: MemoryStore::new("payments", world),
            chat: MemoryStore::new("chat", world),
        }
    }

    pub fn ports(&self) -> Stores {
        let Self { products, orders, payments, chat } = self.clone();
        Stores {
            products: Arc::new(products),
            accounts: Arc::new(NoAccounts),
            orders: Arc::new(orders),
            payments: Arc::new(payments),
            chat: Arc::new(chat),
        }
    }

    pub fn decide_what_was_on_the_way(&self) {
        for store in [&self.products, &self.orders, &self.payments, &self.chat] {
            store.decide_what_was_on_the_way();
        }
    }
}
