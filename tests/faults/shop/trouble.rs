//! What is done to an engine.

use super::super::toxiproxy::{Fault, Proxy};
use super::super::victim::{Engine, Victim};

#[derive(Debug, Clone, Copy)]
pub enum Trouble {
    Network(Fault),
    /// kill -9; started again at the end.
    Killed,
}

impl Trouble {
    /// Those that `make test` has time for, or all.
    pub fn all(long: bool) -> Vec<Self> {
        let faults = if long { Fault::ALL.to_vec() } else { Fault::PROMISED.to_vec() };
        faults.into_iter().map(Self::Network).chain([Self::Killed]).collect()
    }

    /// Whether nothing is answered by the engine while it lasts.
    pub fn is_total(self) -> bool {
        match self {
            Self::Network(fault) => !matches!(fault, Fault::Latency | Fault::HalfAnswer),
            Self::Killed => true,
        }
    }
}

/// A server, and the network to it.
pub struct Place {
    pub engine: Engine,
    server: Victim,
    proxy: Proxy,
}

impl Place {
    pub async fn open(engine: Engine) -> Self {
        let server = Victim::start(engine).await;
        let proxy = Proxy::before(&server.address).await;
        Self { engine, server, proxy }
    }

    /// Where the shop reaches it: `host:port`.
    pub fn address(&self) -> &str {
        &self.proxy.address
    }

    /// Where it is itself.
    pub fn server_address(&self) -> &str {
        &self.server.address
    }

    pub async fn begin(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Network(fault) => self.proxy.begin(fault).await,
            Trouble::Killed => self.server.kill(),
        }
    }

    pub async fn end(&mut self, trouble: Trouble) {
        match trouble {
            Trouble::Network(fault) => self.proxy.end(fault).await,
            Trouble::Killed => self.server.restart().await,
        }
    }
}
