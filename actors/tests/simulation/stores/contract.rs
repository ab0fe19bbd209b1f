//! In fair weather the store keeps the same contract as every adapter.

use async_trait::async_trait;
use souk_persistence::contract::Fixture;

use super::MemoryStore;
use crate::world::World;

struct Memory(MemoryStore);

impl Memory {
    fn new() -> Self {
        Self(MemoryStore::new("contract", &World::new(0, false)))
    }
}

#[async_trait]
impl Fixture for Memory {
    type Store = MemoryStore;

    async fn open(&self) -> MemoryStore {
        self.0.clone()
    }

    async fn close(&self, _store: MemoryStore) {}
}

souk_persistence::journal_contract!(Memory::new());
souk_persistence::product_contract!(Memory::new());
souk_persistence::order_contract!(Memory::new());
souk_persistence::payment_contract!(Memory::new());
souk_persistence::chat_contract!(Memory::new());
souk_persistence::person_contract!(Memory::new());
souk_persistence::outbox_contract!(Memory::new());
