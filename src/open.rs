//! Opens the embedded stores and what stands beside them, and closes them again.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use souk_actors::accounts::secret;
use souk_actors::marketplace::{Marketplace, Parts, Stores};
use souk_actors::orders::email_key::EmailKey;
use souk_actors::runtime::world::{Clock, SystemChance, SystemClock};
use souk_persistence::search::{Opened, SearchIndex};
use souk_persistence::sqlite::{
    DataFolder, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore,
};
use souk_persistence::stores::AccountStore;

use crate::config::Config;
use crate::payments::Payments;

/// The five embedded stores in their folder.
pub struct Embedded {
    pub folder: DataFolder,
    products: Arc<SqliteProductStore>,
    accounts: Arc<SqliteAccountStore>,
    orders: Arc<SqliteOrderStore>,
    payments: Arc<SqlitePaymentStore>,
    chat: Arc<SqliteChatStore>,
}

impl Embedded {
    /// # Errors
    /// What is wrong with the folder or a file in it, and what to do.
    pub async fn open(folder: DataFolder, options: &SqliteOptions) -> anyhow::Result<Self> {
        Ok(Self {
            products: Arc::new(SqliteProductStore::open(&folder, options).await?),
            accounts: Arc::new(SqliteAccountStore::open(&folder, options).await?),
            orders: Arc::new(SqliteOrderStore::open(&folder, options).await?),
            payments: Arc::new(SqlitePaymentStore::open(&folder, options).await?),
            chat: Arc::new(SqliteChatStore::open(&folder, options).await?),
            folder,
        })
    }

    pub fn stores(&self) -> Stores {
        Stores {
            products: self.products.clone(),
            accounts: self.accounts.clone(),
            orders: self.orders.clone(),
            payments: self.payments.clone(),
            chat: self.chat.clone(),
        }
    }

    pub async fn close(&self) {
        self.products.close().await;
        self.accounts.close().await;
        self.orders.close().await;
        self.payments.close().await;
        self.chat.close().await;
    }
}

/// Whether the world outside is told of what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    Everybody,
    /// A command on the catalogue sends no mails; what waits is told by the next `souk serve`.
    Nobody,
}

/// A running marketplace on the embedded stores.
pub struct House {
    pub market: Arc<Marketplace>,
    pub payments: Payments,
    embedded: Embedded,
}

impl House {
    /// Opens the data folder and starts the actors; what was cut off goes on. The sandbox provider sends its webhooks
    /// to `edge`, if there is one.
    ///
    /// # Errors
    /// What cannot be opened, and what to do.
    pub async fn start(config: &Config, edge: Option<SocketAddr>, telling: Telling) -> anyhow::Result<Self> {
        let folder = DataFolder::open(&config.data_dir)?;
        let embedded = Embedded::open(folder, &config.sqlite_options()).await?;
        let path = embedded.folder.path();
        let (search, opened) = SearchIndex::open(path.join("search")).context("the search index")?;
        if opened != Opened::Existing {
            tracing::info!(?opened, "the search index is built from the catalogue");
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let payments = Payments::open(config, path, edge).await?;
        let outbox = match telling {
            Telling::Everybody => Some(config.outbox(embedded.orders.clone())?),
            Telling::Nobody => None,
        };
        let market = Marketplace::new(Parts {
            stores: embedded.stores(),
            search: Some(Arc::new(search)),
            provider: Arc::clone(&payments.provider),
            outbox,
            rules: Arc::new(config.shop.clone()),
            times: config.times(),
            limits: config.limits(),
            email_key: email_key(&*embedded.accounts).await?,
            clock,
            chance: Arc::new(SystemChance),
        });
        market.start().await.context("the actors")?;
        Ok(Self { market, payments, embedded })
    }

    /// Writes and answers everything that was taken in, then closes the stores.
    pub async fn stop(self) {
        self.market.stop().await;
        self.payments.close().await;
        self.embedded.close().await;
    }
}

/// The shop's key for addresses of orders: made at the first start.
async fn email_key(accounts: &dyn AccountStore) -> anyhow::Result<EmailKey> {
    let secret = accounts.shop_secret("order_emails", secret(&SystemChance)).await.context("the store of accounts")?;
    Ok(EmailKey::new(secret))
}
