//! The bus over Redis against the contract of the port.

use std::sync::Arc;

use async_trait::async_trait;
use souk_persistence::bus::{Bus, Listener, RedisBus, RedisBusOptions};
use souk_persistence::contract::BusFixture;
use tokio::sync::OnceCell;

use crate::proxy::Proxy;
use crate::server::{access, address, at, prefix, url};

/// Nodes that reach the server through one proxy.
struct Redis {
    prefix: String,
    proxy: OnceCell<Proxy>,
}

impl Redis {
    fn new() -> Self {
        Self { prefix: prefix(), proxy: OnceCell::new() }
    }

    async fn proxy(&self) -> &Proxy {
        self.proxy.get_or_init(async || Proxy::start(address(&url())).await).await
    }
}

#[async_trait]
impl BusFixture for Redis {
    async fn node(&self) -> (Arc<dyn Bus>, Listener) {
        let url = at(&url(), &self.proxy().await.address());
        let options = RedisBusOptions { prefix: self.prefix.clone(), ..RedisBusOptions::new(access(url)) };
        let (bus, listener) = RedisBus::open(&options).await.expect("the bus opens");
        (Arc::new(bus), listener)
    }

    async fn interrupt(&self) {
        self.proxy().await.cut();
    }
}

souk_persistence::bus_contract!(Redis::new());
