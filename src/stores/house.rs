//! A running marketplace on the stores of the configuration.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use souk_actors::accounts::secrets::secret;
use souk_actors::marketplace::{Marketplace, Parts};
use souk_actors::nodes::parts::{NodeParts, StoreLeases};
use souk_actors::orders::email_key::EmailKey;
use souk_actors::runtime::world::{Chance, Clock, SystemChance, SystemClock};
use souk_persistence::bus::RedisBus;
use souk_persistence::search::{Opened, SearchIndex};
use souk_persistence::sqlite::DataFolder;
use souk_persistence::stores::AccountStore;

use super::leases::{ALONE, Held};
use super::open::OpenStores;
use crate::config::Config;
use crate::payments::Payments;

/// Whether the world outside is told of what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    Everybody,
    /// A command on the catalogue sends no mails; what waits is told by the next `souk serve`.
    Nobody,
}

pub struct House {
    pub market: Arc<Marketplace>,
    pub payments: Payments,
    open: OpenStores,
    /// None where nodes say so themselves.
    alone: Option<Held>,
    // Held for as long as it runs: the index and the sandbox lie in it.
    _folder: DataFolder,
}

impl House {
    /// Opens the stores and starts the actors; what was cut off goes on. The sandbox provider sends its webhooks
    /// to `edge`, if there is one.
    ///
    /// # Errors
    /// What cannot be opened, and what to do.
    pub async fn start(config: &Config, edge: Option<SocketAddr>, telling: Telling) -> anyhow::Result<Self> {
        let (open, folder) = OpenStores::open_with_folder(config).await?;
        let (search, opened) = SearchIndex::open(folder.path().join("search")).context("the search index")?;
        if opened != Opened::Existing {
            tracing::info!(?opened, "the search index is built from the catalogue");
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let payments = Payments::open(config, folder.path(), edge).await?;
        let outbox = match telling {
            Telling::Everybody => Some(config.outbox(Arc::clone(&open.outbox))?),
            Telling::Nobody => None,
        };
        let mut accounts = config.accounts()?;
        accounts.mail = accounts.mail.filter(|_| telling == Telling::Everybody);
        let nodes = nodes(config, open.leases.clone()).await?;
        let alone = nodes.is_none().then(|| Held::keep(open.shared.clone(), ALONE, config.nodes.lease()));
        let market = Marketplace::new(Parts {
            stores: open.stores.clone(),
            search: Some(Arc::new(search)),
            provider: Arc::clone(&payments.provider),
            outbox,
            nodes,
            rules: Arc::new(config.shop.clone()),
            times: config.times(),
            limits: config.limits(),
            accounts,
            email_key: email_key(&*open.stores.accounts).await?,
            clock,
            chance: Arc::new(SystemChance),
        });
        market.start().await.context("the actors")?;
        Ok(Self { market, payments, open, alone, _folder: folder })
    }

    /// Writes and answers everything that was taken in, then closes the stores.
    pub async fn stop(self) {
        self.market.stop().await;
        self.payments.close().await;
        if let Some(alone) = self.alone {
            alone.give_back().await;
        }
        self.open.close().await;
    }
}

/// What this node knows of the others; none without a bus.
async fn nodes(config: &Config, leases: Option<StoreLeases>) -> anyhow::Result<Option<NodeParts>> {
    if config.bus.is_empty() {
        return Ok(None);
    }
    let leases = leases.context("a node with a bus has stores that others can share")?;
    let (bus, listener) = RedisBus::open(&config.redis.bus(config.bus.as_str())).await.context("bus")?;
    let (id, lease_time) = (SystemChance.random(), config.nodes.lease());
    tracing::info!(node = %id, "one of several nodes");
    Ok(Some(NodeParts { id, bus: Arc::new(bus), listener, leases, lease_time }))
}

/// The shop's key for addresses of orders: made at the first start.
async fn email_key(accounts: &dyn AccountStore) -> anyhow::Result<EmailKey> {
    let secret = accounts.shop_secret("order_emails", secret(&SystemChance)).await.context("the store of accounts")?;
    Ok(EmailKey::new(secret))
}
