//! The bus in one process against the contract of the port.

use std::sync::Arc;

use async_trait::async_trait;
use souk_persistence::bus::{Bus, Listener, MemoryHub};
use souk_persistence::contract::BusFixture;

#[derive(Default)]
struct Memory(MemoryHub);

#[async_trait]
impl BusFixture for Memory {
    async fn node(&self) -> (Arc<dyn Bus>, Listener) {
        let (bus, listener) = self.0.node();
        (Arc::new(bus), listener)
    }

    async fn interrupt(&self) {
        self.0.cut();
        self.0.mend();
    }
}

souk_persistence::bus_contract!(Memory::default());
