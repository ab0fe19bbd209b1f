//! What the actors do in this process, durably (SQLite, WAL, synchronous=FULL), each beside its
//! ceiling: the same writes handed to the store directly, in commits of the same size.
//!
//! `cargo bench --bench actors`. Criterion prints elements per second; memory and wake-up are printed
//! before it starts.

#[path = "../actors/tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures::future::join_all;
use souk_actors::runtime::entity::Limits;
use souk_domain::id::{CartId, OrderId, ProductId, VariantId};
use souk_domain::product::event::ProductEvent;
use souk_domain::product::state::HeldLine;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal, Relay};
use souk_persistence::rows::{HoldRow, HoldState, ProductRow, Row};
use support::TestHouse;
use tokio::runtime::Runtime;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Holds that one product takes before a new one is used: below the bound of open holds.
const HOLDS_PER_PRODUCT: u64 = 90_000;
const CARTS: usize = 1_000;
const NEVER: Timestamp = Timestamp::from_millis(i64::MAX / 2);

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

fn open(runtime: &Runtime, folder: &tempfile::TempDir) -> Arc<TestHouse> {
    let limits = Limits { idle_after: Duration::from_secs(3600), ..Limits::default() };
    Arc::new(runtime.block_on(TestHouse::open_with(folder.path(), Duration::from_secs(900), limits)))
}

fn folder() -> tempfile::TempDir {
    // Beside the build, because a temporary folder may lie in memory, where nothing is durable.
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder")
}

static ORDERS: AtomicU64 = AtomicU64::new(1);

fn new_order() -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(u128::from(ORDERS.fetch_add(1, Ordering::Relaxed))))
}

async fn hold_many(house: &Arc<TestHouse>, product: ProductId, variant: VariantId, callers: u64, holds: u64) {
    let each = holds.div_ceil(callers);
    let tasks = (0..callers).map(|_| {
        let house = Arc::clone(house);
        tokio::spawn(async move {
            for _ in 0..each {
                let lines = vec![HeldLine { variant, quantity: 1 }];
                let held = house.market.products.hold(product, new_order(), lines, NEVER).await;
                assert_eq!(held, Ok(Ok(())));
            }
        })
    });
    for task in join_all(tasks).await {
        task.expect("a caller");
    }
}

fn holds(criterion: &mut Criterion) {
    let (runtime, folder) = (runtime(), folder());
    let house = open(&runtime, &folder);
    let mut group = criterion.benchmark_group("holds on one SKU");
    group.throughput(Throughput::Elements(1)).sample_size(10).measurement_time(Duration::from_secs(8));
    let products = AtomicU64::new(0);
    let fresh = || {
        let name = format!("hot-{}", products.fetch_add(1, Ordering::Relaxed));
        runtime.block_on(house.product(&name, 1_000, 1_000_000))
    };
    for callers in [1_u64, 256, 512] {
        group.bench_function(BenchmarkId::new("callers", callers), |bencher| {
            bencher.iter_custom(|iterations| {
                let (mut left, mut took) = (iterations, Duration::ZERO);
                while left > 0 {
                    let now = left.min(HOLDS_PER_PRODUCT);
                    let (product, variant) = fresh();
                    let start = Instant::now();
                    runtime.block_on(hold_many(&house, product, variant, callers, now));
                    took += start.elapsed();
                    left -= now;
                }
                took
            });
        });
    }
    group.bench_function("ceiling: the store alone, 256 holds in a commit", |bencher| {
        bencher.iter_custom(|iterations| {
            let (product, variant) = fresh();
            let row =
                runtime.block_on(async { house.stores.products.product(product).await.expect("read").expect("a row") });
            let start = Instant::now();
            runtime.block_on(append_holds(&*house.stores.products, row, variant, iterations));
            start.elapsed()
        });
    });
    group.finish();
}

async fn append_holds(journal: &dyn Journal, row: ProductRow, variant: VariantId, holds: u64) {
    let entity = EntityId::new(row.id);
    let mut predecessor = journal.head(&entity).await.expect("head");
    let mut left = holds;
    while left > 0 {
        let now = left.min(256);
        let lines = vec![HeldLine { variant, quantity: 1 }];
        let orders: Vec<OrderId> = (0..now).map(|_| new_order()).collect();
        let event = |order: &OrderId| ProductEvent::Held { order: *order, lines: lines.clone() };
        let events = orders.iter().map(|order| serde_json::to_string(&event(order)).expect("JSON")).collect();
        let hold = |order: OrderId| HoldRow {
            product_id: row.id,
            order_id: order,
            state: HoldState::Held,
            lines: lines.clone(),
        };
        let mut rows: Vec<Row> = orders.into_iter().map(|order| Row::Hold(hold(order))).collect();
        rows.push(Row::Product(Box::new(row.clone())));
        let commit_id = Uuid::new_v4();
        let commit = Commit {
            entity: entity.clone(),
            predecessor,
            commit_id,
            at: NEVER,
            events,
            snapshot: None,
            due_at: None,
            relay: Relay::Nobody,
            rows,
        };
        predecessor = commit.head();
        journal.append(commit).await.expect("append");
        left -= now;
    }
}

fn carts(criterion: &mut Criterion) {
    let (runtime, folder) = (runtime(), folder());
    let house = open(&runtime, &folder);
    let (_, variant) = runtime.block_on(house.product("pot", 1_000, 1_000_000));
    let line = [(variant, 1)];
    let carts: Arc<Vec<CartId>> = Arc::new(runtime.block_on(join_all((0..CARTS).map(|_| house.cart(&line)))));
    let mut group = criterion.benchmark_group("changes over 1,000 carts");
    group.throughput(Throughput::Elements(1)).sample_size(10).measurement_time(Duration::from_secs(8));
    for callers in [256_u64, 1_000] {
        group.bench_function(BenchmarkId::new("callers", callers), |bencher| {
            bencher.iter_custom(|iterations| {
                let start = Instant::now();
                runtime.block_on(change_carts(&house, &carts, variant, callers, iterations));
                start.elapsed()
            });
        });
    }
    group.bench_function("ceiling: the store alone, 256 commits at once", |bencher| {
        bencher.iter_custom(|iterations| {
            let start = Instant::now();
            runtime.block_on(append_carts(&house, iterations));
            start.elapsed()
        });
    });
    group.finish();
}

async fn change_carts(
    house: &Arc<TestHouse>,
    carts: &Arc<Vec<CartId>>,
    variant: VariantId,
    callers: u64,
    changes: u64,
) {
    let each = changes.div_ceil(callers);
    let tasks = (0..callers).map(|caller| {
        let (house, carts) = (Arc::clone(house), Arc::clone(carts));
        tokio::spawn(async move {
            for number in 0..each {
                let cart = carts[usize::try_from(caller + number * callers).unwrap_or(0) % carts.len()];
                // Never the quantity that is there: a change that changes nothing writes nothing.
                let quantity = 1 + u32::try_from(ORDERS.fetch_add(1, Ordering::Relaxed) % 900).unwrap_or(0);
                house.market.carts.set_quantity(cart, None, variant, quantity).await.expect("changed");
            }
        })
    });
    for task in join_all(tasks).await {
        task.expect("a caller");
    }
}

async fn append_carts(house: &Arc<TestHouse>, commits: u64) {
    let event = r#"{"type":"line_set.v1","line":{"variant_id":"var_01h455vb4pex5vsknk084sn02q","product_id":"prod_01h455vb4pex5vsknk084sn02q","title":"pot","quantity":7,"unit_price":1000}}"#;
    let writers = 256;
    let each = commits.div_ceil(writers);
    let tasks = (0..writers).map(|_| {
        let house = Arc::clone(house);
        tokio::spawn(async move {
            let entity = EntityId::new(CartId::from_uuid(Uuid::new_v4()));
            for predecessor in 0..each {
                let commit = Commit {
                    entity: entity.clone(),
                    predecessor,
                    commit_id: Uuid::new_v4(),
                    at: NEVER,
                    events: vec![event.to_owned()],
                    snapshot: None,
                    due_at: None,
                    relay: Relay::Nobody,
                    rows: vec![],
                };
                house.stores.orders.append(commit).await.expect("append");
            }
        })
    });
    for task in join_all(tasks).await {
        task.expect("a writer");
    }
}

/// Memory of entities that idle, and what a sleeping one takes to answer. Printed, because neither
/// is a time that repeats.
fn entities(_criterion: &mut Criterion) {
    const MANY: usize = 20_000;
    let (runtime, folder) = (runtime(), folder());
    let house = open(&runtime, &folder);
    let (_, variant) = runtime.block_on(house.product("pot", 1_000, 1_000_000));
    let line = [(variant, 1)];
    let carts = runtime.block_on(async {
        let mut carts = Vec::with_capacity(MANY);
        for _ in 0..MANY / 500 {
            carts.extend(join_all((0..500).map(|_| house.cart(&line))).await);
        }
        carts
    });
    let house = Arc::into_inner(house).expect("nobody else has it");
    runtime.block_on(house.close());
    let limits = Limits { idle_after: Duration::from_secs(3600), ..Limits::default() };
    let house = runtime.block_on(TestHouse::open_with(folder.path(), Duration::from_secs(900), limits));
    let warm = runtime.block_on(house.market.carts.cart(carts[0], None)).expect("a cart");
    let state = serde_json::to_vec(&warm).expect("JSON").len();
    let before = resident_bytes();
    let mut wakes: Vec<Duration> = runtime.block_on(async {
        let mut wakes = Vec::with_capacity(MANY);
        for cart in &carts[1..] {
            let start = Instant::now();
            house.market.carts.view(*cart, None).await.expect("awake");
            wakes.push(start.elapsed());
        }
        wakes
    });
    let each = (resident_bytes().saturating_sub(before)) / wakes.len() as u64;
    wakes.sort_unstable();
    let (median, late) = (wakes[wakes.len() / 2], wakes[wakes.len() * 99 / 100]);
    println!("an idle cart takes {each} bytes of resident memory, its state included (as JSON {state} bytes)");
    println!("waking a sleeping cart from its journal: median {median:?}, p99 {late:?}");
    runtime.block_on(house.close());
}

fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let resident = pages.and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok());
    resident.unwrap_or(0) * 4_096
}

criterion_group!(benches, entities, holds, carts);
criterion_main!(benches);
