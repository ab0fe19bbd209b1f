//! Many orders side by side, so that each transaction of a store takes hundreds.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures::future::{join_all, try_join, try_join_all};
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_integrations::payments::port::{CreateIntent, Method, PaymentProvider};
use souk_integrations::payments::sandbox::Sandbox;
use souk_persistence::journal::Journal;
use souk_persistence::sqlite::{
    DataFolder, SqliteOptions, SqliteOrderStore, SqlitePaymentStore, SqliteProductStore, Synchronous,
};
use souk_persistence::stores::OrderStore;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::goods::{self, Good};
use super::names::Names;
use super::template::Template;

/// Orders that are taken as patterns at most.
const TEMPLATES: usize = 2_000;
/// Orders that are written by one task, and tasks at once.
const ORDERS_OF_A_TASK: usize = 64;
const TASKS: usize = 64;
/// Orders of one product that go into one of its commits.
const SALES_OF_A_COMMIT: usize = 250;

/// How it went.
pub struct Filled {
    orders: u32,
    took: Duration,
    bytes: u64,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { orders, took, bytes } = self;
        let (seconds, mib) = (took.as_secs_f64(), *bytes as f64 / f64::from(1 << 20));
        let (rate, each) = (f64::from(*orders) / seconds, *bytes as f64 / f64::from(*orders));
        write!(f, "filled with {orders} finished orders in {seconds:.1} s ({rate:.0} a second), ")?;
        write!(f, "{mib:.0} MiB on disk ({each:.0} bytes for each order, the catalogue included)")
    }
}

struct Stores {
    products: SqliteProductStore,
    orders: SqliteOrderStore,
    payments: SqlitePaymentStore,
    provider: Sandbox,
}

/// Writes `orders` finished orders into a folder that has some already. What is left of a fill that was cut off is
/// no shop.
///
/// # Errors
/// When a store, a rule or the provider refuses.
pub fn fill(folder: &Path, orders: u32) -> anyhow::Result<Filled> {
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime")?;
    runtime.block_on(write(folder, orders)).context("the fill")?;
    Ok(Filled { orders, took: start.elapsed(), bytes: size(folder)? })
}

async fn write(folder: &Path, orders: u32) -> anyhow::Result<()> {
    let stores = Arc::new(Stores::open(folder).await?);
    let templates: Vec<Arc<Template>> = stores.templates().await?;
    let mut goods = goods::read(&stores.products).await?;
    let first = stores.orders.take_order_numbers(orders).await?;
    let (room, mut tasks) = (Arc::new(Semaphore::new(TASKS)), JoinSet::new());
    let mut patterns = templates.iter().cycle();
    let mut numbers = first..first + u64::from(orders);
    while !numbers.is_empty() {
        let mut copies = Vec::with_capacity(ORDERS_OF_A_TASK);
        for (number, template) in numbers.by_ref().zip(patterns.by_ref()).take(ORDERS_OF_A_TASK) {
            let names = Names::new(number);
            for (product, lines) in &template.goods {
                let good = goods.get_mut(product).context("an order has products that are there")?;
                good.sold_to.push((names.order, lines.clone()));
            }
            copies.push((names, Arc::clone(template)));
        }
        let place = Arc::clone(&room).acquire_owned().await?;
        tasks.spawn(write_all(Arc::clone(&stores), copies, place));
        while let Some(done) = tasks.try_join_next() {
            done??;
        }
        if goods.values().any(|good| good.sold_to.len() >= SALES_OF_A_COMMIT) {
            sell(&stores, goods.values_mut()).await?;
        }
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    sell(&stores, goods.values_mut()).await?;
    stores.close().await;
    Ok(())
}

async fn write_all(
    stores: Arc<Stores>,
    copies: Vec<(Names, Arc<Template>)>,
    _place: OwnedSemaphorePermit,
) -> anyhow::Result<()> {
    try_join_all(copies.into_iter().map(|(names, template)| stores.write(names, template))).await.map(drop)
}

async fn sell(stores: &Stores, goods: impl Iterator<Item = &mut Good>) -> anyhow::Result<()> {
    let mut commits = Vec::new();
    for good in goods {
        commits.extend(good.commit(SystemClock.now())?);
    }
    for written in join_all(commits.into_iter().map(|commit| stores.products.append(commit))).await {
        written?;
    }
    Ok(())
}

impl Stores {
    async fn open(folder: &Path) -> anyhow::Result<Self> {
        let provider = Sandbox::open(folder, Duration::ZERO, Arc::new(|| SystemClock.now())).await?;
        let folder = DataFolder::open(folder)?;
        // Large transactions, and no wait for the disk before the end.
        let options = SqliteOptions {
            synchronous: Synchronous::Normal,
            queue: 2 * TASKS * ORDERS_OF_A_TASK,
            batch_commits: 4_096,
            batch_bytes: 32 << 20,
            checkpoint_pages: 16_384,
            cache_kib: 256 << 10,
            ..SqliteOptions::default()
        };
        Ok(Self {
            products: SqliteProductStore::open(&folder, &options).await?,
            orders: SqliteOrderStore::open(&folder, &options).await?,
            payments: SqlitePaymentStore::open(&folder, &options).await?,
            provider,
        })
    }

    /// The orders that are there already.
    async fn templates(&self) -> anyhow::Result<Vec<Arc<Template>>> {
        let mut templates = Vec::new();
        for id in self.orders.entities("ord", None, TEMPLATES).await? {
            templates.extend(Template::read(&id, (&self.orders, &self.payments, &self.products)).await?.map(Arc::new));
        }
        ensure!(!templates.is_empty(), "no finished order to take as a pattern");
        Ok(templates)
    }

    /// One more order: its payment at the provider, then its journals.
    async fn write(&self, names: Names, template: Arc<Template>) -> anyhow::Result<()> {
        let payment = names.payment.to_string();
        let key = format!("{payment}:create");
        let request = CreateIntent { key, amount: template.amount, merchant_reference: payment.clone() };
        let intent = self.provider.create_intent(request).await?.reference;
        let card = Method::SandboxCard { token: "tok_ok".to_owned() };
        self.provider.confirm(&intent, &format!("{payment}:confirm:1"), &card).await?;
        let copy = template.copy(&Names { intent: intent.0, ..names });
        let orders = async {
            // The cart first: it makes the key of its buyer, which the order uses too.
            self.orders.append(copy.cart).await?;
            self.orders.append(copy.order).await
        };
        try_join(orders, self.payments.append(copy.payment)).await?;
        Ok(())
    }

    async fn close(&self) {
        self.provider.close().await;
        self.products.close().await;
        self.orders.close().await;
        self.payments.close().await;
    }
}

/// Bytes of all files in a folder and below.
fn size(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
