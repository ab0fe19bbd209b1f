//! Opens the five stores, each by its URL, and closes them again.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context;
use souk_actors::marketplace::Stores;
use souk_actors::nodes::parts::StoreLeases;
use souk_persistence::leases::Leases as StoreLease;
use souk_persistence::mongodb::MongoProductStore;
use souk_persistence::moving::Movable;
use souk_persistence::outbox::OutboxStore;
use souk_persistence::postgres::{self, PostgresAccountStore, PostgresOrderStore, PostgresPaymentStore, PostgresStore};
use souk_persistence::redis::RedisChatStore;
use souk_persistence::sqlite::{Accounts, Chat, DataFolder, Domain, Orders, Payments, Products, SqliteStore};
use souk_persistence::stores::{AccountStore, ChatStore, OrderStore, PaymentStore, ProductStore};

use super::folders::Folders;
use crate::config::Config;
use crate::config::stores::{Engine, Engines, ServerUrl};

/// What the stores are opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Schemas are brought up to date; embedded stores are locked.
    Writing,
    /// Whoever writes may go on.
    Reading,
}

type Closing = Pin<Box<dyn Future<Output = ()> + Send>>;
type Close = Box<dyn FnOnce() -> Closing + Send + Sync>;

/// The five stores of the configuration, open.
pub struct OpenStores {
    pub stores: Stores,
    /// Lies in the store of orders.
    pub outbox: Arc<dyn OutboxStore>,
    /// What nodes share work by; none where a store belongs to one process.
    pub leases: Option<StoreLeases>,
    /// Those of the stores that have any, each with the domain that it keeps.
    pub shared: Vec<SharedStore>,
    close: Closer,
}

/// A store that more than one process can open.
#[derive(Clone)]
pub struct SharedStore {
    pub domain: &'static str,
    pub leases: Arc<dyn StoreLease>,
}

/// Closes what was opened.
#[derive(Default)]
pub struct Closer(Vec<Close>);

impl OpenStores {
    /// # Errors
    /// Which store cannot be opened, why, and what to do.
    pub async fn open(config: &Config, access: Access) -> anyhow::Result<Self> {
        Opening::new(config, access).stores().await
    }

    /// The stores to be written, and the data folder of this process, which holds other files too.
    ///
    /// # Errors
    /// As for [`OpenStores::open`].
    pub async fn open_with_folder(config: &Config) -> anyhow::Result<(Self, DataFolder)> {
        let mut opening = Opening::new(config, Access::Writing);
        let folder = opening.folders.folder(&config.data_dir)?;
        Ok((opening.stores().await?, folder))
    }

    /// One store after the other, for a move; see [`super::Sides`].
    pub(super) fn opening(config: &Config, folders: Folders) -> Opening<'_> {
        Opening { folders, ..Opening::new(config, Access::Writing) }
    }

    /// The store of accounts alone.
    ///
    /// # Errors
    /// As for [`OpenStores::open`].
    pub async fn accounts(config: &Config, access: Access) -> anyhow::Result<(Arc<dyn AccountStore>, Closer)> {
        let mut opening = Opening::new(config, access);
        let accounts = opening.accounts(&config.engines()?.accounts).await?;
        refuse_unfinished(&opening.movable).await?;
        Ok((accounts, opening.close))
    }

    pub async fn close(self) {
        self.close.close().await;
    }
}

impl Closer {
    fn closes<F: Future<Output = ()> + Send + 'static>(&mut self, close: impl FnOnce() -> F + Send + Sync + 'static) {
        self.0.push(Box::new(move || Box::pin(close())));
    }

    /// Waits for what is under way and closes every store.
    pub async fn close(self) {
        for close in self.0 {
            close().await;
        }
    }
}

/// What the opening of one store after the other has come to.
pub(super) struct Opening<'a> {
    config: &'a Config,
    access: Access,
    folders: Folders,
    leases: Leases,
    /// In the order in which they were opened.
    movable: Vec<Arc<dyn Movable>>,
    close: Closer,
}

/// A store that a copy was not finished to holds a part of a shop.
async fn refuse_unfinished(stores: &[Arc<dyn Movable>]) -> anyhow::Result<()> {
    for store in stores {
        if store.note().await?.is_some() {
            let domain = store.domain().name;
            anyhow::bail!(
                "stores.{domain} is the target of a copy that is not finished: run that `souk copy` again, which goes \
                 on where it was, or empty the store"
            );
        }
    }
    Ok(())
}

/// The leases of the stores that have any.
#[derive(Default)]
struct Leases {
    products: Option<Arc<dyn StoreLease>>,
    orders: Option<Arc<dyn StoreLease>>,
    payments: Option<Arc<dyn StoreLease>>,
    chat: Option<Arc<dyn StoreLease>>,
}

impl Leases {
    fn shared(&self) -> Vec<SharedStore> {
        let Self { products, orders, payments, chat } = self;
        let all = [("products", products), ("orders", orders), ("payments", payments), ("chat", chat)];
        let those = all.into_iter().filter_map(|(domain, leases)| Some((domain, leases.clone()?)));
        those.map(|(domain, leases)| SharedStore { domain, leases }).collect()
    }

    /// None where a store belongs to one process anyway.
    fn all(self) -> Option<StoreLeases> {
        let Self { products, orders, payments, chat } = self;
        Some(StoreLeases { products: products?, orders: orders?, payments: payments?, chat: chat? })
    }
}

/// The configuration was checked, so this is a fault of the program.
fn unfit(domain: &str, engine: &Engine) -> anyhow::Error {
    anyhow::anyhow!("{} does not keep {domain}", engine.name())
}

impl<'a> Opening<'a> {
    fn new(config: &'a Config, access: Access) -> Self {
        let (folders, leases, close) = (Folders::new(access), Leases::default(), Closer::default());
        Self { config, access, folders, leases, movable: Vec::new(), close }
    }

    async fn stores(mut self) -> anyhow::Result<OpenStores> {
        let Engines { products, accounts, orders, payments, chat } = self.config.engines()?;
        let products = self.products(&products).await?;
        let accounts = self.accounts(&accounts).await?;
        let (orders, outbox) = self.orders(&orders).await?;
        let payments = self.payments(&payments).await?;
        let chat = self.chat(&chat).await?;
        refuse_unfinished(&self.movable).await?;
        let stores = Stores { products, accounts, orders, payments, chat };
        let shared = self.leases.shared();
        Ok(OpenStores { stores, outbox, leases: self.leases.all(), shared, close: self.close })
    }

    /// The stores that were opened, with what they need.
    pub fn parts(self) -> (Vec<Arc<dyn Movable>>, Folders, Closer) {
        (self.movable, self.folders, self.close)
    }

    /// Those that were opened and that others can open too.
    pub fn shared(&self) -> Vec<SharedStore> {
        self.leases.shared()
    }

    pub async fn products(&mut self, engine: &Engine) -> anyhow::Result<Arc<dyn ProductStore>> {
        match engine {
            Engine::Sqlite(folder) => Ok(self.embedded::<Products>(folder.as_deref()).await?),
            Engine::Mongodb(url) => {
                let store = Arc::new(MongoProductStore::open(&self.config.mongodb.options(url.as_str())).await?);
                let closed = Arc::clone(&store);
                self.close.closes(move || async move { closed.close().await });
                self.leases.products = Some(store.clone());
                self.movable.push(store.clone());
                Ok(store)
            }
            Engine::Postgres(_) | Engine::Redis(_) => Err(unfit("products", engine)),
        }
    }

    pub async fn accounts(&mut self, engine: &Engine) -> anyhow::Result<Arc<dyn AccountStore>> {
        match engine {
            Engine::Sqlite(folder) => Ok(self.embedded::<Accounts>(folder.as_deref()).await?),
            Engine::Postgres(url) => {
                let store: Arc<PostgresAccountStore> = self.postgres("stores.accounts", url).await?;
                Ok(store)
            }
            Engine::Mongodb(_) | Engine::Redis(_) => Err(unfit("accounts", engine)),
        }
    }

    pub async fn orders(&mut self, engine: &Engine) -> anyhow::Result<(Arc<dyn OrderStore>, Arc<dyn OutboxStore>)> {
        match engine {
            Engine::Sqlite(folder) => {
                let store = self.embedded::<Orders>(folder.as_deref()).await?;
                Ok((store.clone(), store))
            }
            Engine::Postgres(url) => {
                let store: Arc<PostgresOrderStore> = self.postgres("stores.orders", url).await?;
                self.leases.orders = Some(store.clone());
                Ok((store.clone(), store))
            }
            Engine::Mongodb(_) | Engine::Redis(_) => Err(unfit("orders", engine)),
        }
    }

    pub async fn payments(&mut self, engine: &Engine) -> anyhow::Result<Arc<dyn PaymentStore>> {
        match engine {
            Engine::Sqlite(folder) => Ok(self.embedded::<Payments>(folder.as_deref()).await?),
            Engine::Postgres(url) => {
                let store: Arc<PostgresPaymentStore> = self.postgres("stores.payments", url).await?;
                self.leases.payments = Some(store.clone());
                Ok(store)
            }
            Engine::Mongodb(_) | Engine::Redis(_) => Err(unfit("payments", engine)),
        }
    }

    pub async fn chat(&mut self, engine: &Engine) -> anyhow::Result<Arc<dyn ChatStore>> {
        match engine {
            Engine::Sqlite(folder) => Ok(self.embedded::<Chat>(folder.as_deref()).await?),
            Engine::Redis(url) => {
                let options = self.config.redis.options(url.as_str());
                let store = RedisChatStore::open(&options).await.context("stores.chat")?;
                let store = Arc::new(store);
                let closed = Arc::clone(&store);
                self.close.closes(move || async move { closed.close().await });
                self.leases.chat = Some(store.clone());
                self.movable.push(store.clone());
                Ok(store)
            }
            Engine::Postgres(_) | Engine::Mongodb(_) => Err(unfit("chat", engine)),
        }
    }

    async fn postgres<D: postgres::Domain>(
        &mut self,
        key: &str,
        url: &ServerUrl,
    ) -> anyhow::Result<Arc<PostgresStore<D>>> {
        let options = self.config.postgres.options(key, url.as_str(), self.access);
        let store = Arc::new(PostgresStore::<D>::open(&options).await?);
        let closed = Arc::clone(&store);
        self.close.closes(move || async move { closed.close().await });
        self.movable.push(store.clone());
        Ok(store)
    }

    /// The domain's file in this folder, or in the data folder.
    async fn embedded<D: Domain>(&mut self, folder: Option<&Path>) -> anyhow::Result<Arc<SqliteStore<D>>> {
        let folder = self.folders.folder(folder.unwrap_or(&self.config.data_dir))?;
        let store = Arc::new(SqliteStore::<D>::open(&folder, &self.config.sqlite_options()).await?);
        let closed = Arc::clone(&store);
        self.close.closes(move || async move { closed.close().await });
        self.movable.push(store.clone());
        Ok(store)
    }
}
