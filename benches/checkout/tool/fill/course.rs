//! Many orders side by side, so that each transaction of a store takes hundreds.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use futures::future::{join_all, try_join, try_join_all};
use serde::Deserialize;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_domain::id::OrderId;
use souk_domain::pricing::rules::PriceRules;
use souk_integrations::payments::port::PaymentProvider;
use souk_integrations::payments::sandbox::Sandbox;
use souk_persistence::journal::Journal;
use souk_persistence::sqlite::{
    DataFolder, SqliteOptions, SqliteOrderStore, SqlitePaymentStore, SqliteProductStore, Synchronous,
};
use souk_persistence::stores::OrderStore;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::goods::{self, Good};
use super::story::{self, Plan};

/// Orders that are lived through by one task, and tasks at once.
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

/// Only what a fill needs of the configuration.
#[derive(Deserialize)]
struct Rules {
    shop: PriceRules,
}

struct Stores {
    products: SqliteProductStore,
    orders: SqliteOrderStore,
    payments: SqlitePaymentStore,
    provider: Sandbox,
    rules: PriceRules,
}

/// Writes `orders` finished orders into a folder that has a catalogue. What is left of a fill that was cut off is
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
    let mut goods = goods::read(&stores.products).await?;
    let first = stores.orders.take_order_numbers(orders).await?;
    let (room, mut tasks) = (Arc::new(Semaphore::new(TASKS)), JoinSet::new());
    let mut number = 0;
    while number < orders as usize {
        let count = ORDERS_OF_A_TASK.min(orders as usize - number);
        let plans: Vec<Plan> = (number..number + count).map(|n| plan(n, first, &mut goods)).collect();
        number += count;
        let place = Arc::clone(&room).acquire_owned().await?;
        tasks.spawn(write_all(Arc::clone(&stores), plans, place));
        while let Some(done) = tasks.try_join_next() {
            done??;
        }
        if goods.iter().any(|good| good.sold_to.len() >= SALES_OF_A_COMMIT) {
            sell(&stores, &mut goods).await?;
        }
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    sell(&stores, &mut goods).await?;
    stores.close().await;
    Ok(())
}

async fn write_all(stores: Arc<Stores>, plans: Vec<Plan>, _place: OwnedSemaphorePermit) -> anyhow::Result<()> {
    try_join_all(plans.into_iter().map(|plan| stores.write(plan))).await.map(drop)
}

/// The goods take turns, and every pair of them comes at some time.
fn plan(number: usize, first: u64, goods: &mut [Good]) -> Plan {
    let count = goods.len();
    let one = number % count;
    let other = (one + 1 + number / count % (count - 1)) % count;
    let id = OrderId::from_uuid(Uuid::now_v7());
    let offers = [one, other].map(|index| {
        goods[index].sold_to.push(id);
        goods[index].offer.clone()
    });
    Plan { id, number: first + number as u64, offers, now: SystemClock.now() }
}

async fn sell(stores: &Stores, goods: &mut [Good]) -> anyhow::Result<()> {
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
        let rules: Rules = toml::from_str(include_str!("../../../../src/config/default.toml"))?;
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
            rules: rules.shop,
        })
    }

    /// Lives an order through and writes what comes of it.
    async fn write(&self, plan: Plan) -> anyhow::Result<()> {
        let story = story::live(plan, &self.rules, &self.provider as &dyn PaymentProvider).await?;
        let orders = async {
            // The cart first: it makes the key of its buyer, which the order uses too.
            self.orders.append(story.cart).await?;
            self.orders.append(story.order).await
        };
        try_join(orders, self.payments.append(story.payment)).await?;
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
