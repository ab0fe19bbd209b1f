//! How many commits a second one store takes: `append_throughput [writers] [seconds] [bytes] [postgres://...]`.
//! Each writer owns an entity and appends one event after the other, as fast as it is answered. Without a URL the store
//! is a SQLite file in a temporary folder. With one it is a schema of its own on that server, which is dropped at the
//! end, and beside it stands what the server itself can do: the same events as plain rows, inserted one by one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal, Relay};
use souk_persistence::postgres::{PostgresOptions, PostgresOrderStore};
use souk_persistence::sqlite::{DataFolder, SqliteChatStore, SqliteOptions, SqliteStore};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};
use uuid::Uuid;

#[derive(Clone, Copy)]
struct Load {
    writers: u64,
    time: Duration,
}

#[tokio::main]
async fn main() {
    let argument = |place: usize, default: u64| {
        std::env::args().nth(place).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (writers, seconds, bytes) = (argument(1, 256), argument(2, 5), argument(3, 200));
    let load = Load { writers, time: Duration::from_secs(seconds) };
    let event = format!(r#"{{"type":"said.v1","text":"{}"}}"#, "x".repeat(bytes.saturating_sub(28) as usize));
    match std::env::args().nth(4) {
        None => sqlite(load, &event).await,
        Some(url) => postgres(load, &event, url).await,
    }
}

async fn sqlite(load: Load, event: &str) {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = DataFolder::open(temporary.path()).expect("the data folder opens");
    let store: SqliteChatStore = SqliteStore::open(&folder, &SqliteOptions::default()).await.expect("the store opens");
    let store = Arc::new(store);
    append(load, event, "sqlite", &store).await;
    store.close().await;
}

async fn postgres(load: Load, event: &str, url: String) {
    let options = PostgresOptions::new("the fourth argument", url);
    let schema = format!("bench{}", &Uuid::new_v4().simple().to_string()[..12]);
    for batches in [1, 2, 4, 8] {
        let options = PostgresOptions { schema: schema.clone(), writers: batches, ..options.clone() };
        let store = Arc::new(PostgresOrderStore::open(&options).await.expect("the store opens"));
        append(load, event, &format!("postgres, {batches} batches in flight"), &store).await;
        store.close().await;
    }
    let connect: PgConnectOptions = options.url.parse().expect("a URL");
    let mut session = connect.connect().await.expect("the server answers");
    run(
        &mut session,
        format!(
            "create table {schema}_orders.plain (entity bigint, first bigint, events text, primary key (entity, first))"
        ),
    )
    .await;
    for connections in [1, 4, 8, 16] {
        insert(Load { writers: connections, ..load }, event, &schema, &connect).await;
    }
    run(&mut session, format!("drop schema {schema}_orders cascade")).await;
}

async fn append<J: Journal>(load: Load, event: &str, name: &str, store: &Arc<J>) {
    let measured = Measured::start(load);
    let tasks = (0..load.writers).map(|_| {
        let (store, event, measured) = (Arc::clone(store), event.to_owned(), measured.clone());
        let entity = EntityId::new(format_args!("room_{}", Uuid::now_v7().simple()));
        tokio::spawn(async move {
            let mut predecessor = 0;
            while measured.goes_on() {
                let sent = Instant::now();
                let commit = Commit {
                    entity: entity.clone(),
                    predecessor,
                    commit_id: Uuid::new_v4(),
                    at: Timestamp::from_millis(1_700_000_000_000),
                    events: vec![event.clone()],
                    snapshot: None,
                    due_at: None,
                    relay: Relay::Nobody,
                    rows: Vec::new(),
                };
                store.append(commit).await.expect("accepted");
                measured.took(sent);
                predecessor += 1;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("the writer ends");
    }
    measured.print(name, "writers", "commits");
}

/// One row in one transaction, over so many connections: the server's own ceiling for single writes.
async fn insert(load: Load, event: &str, schema: &str, connect: &PgConnectOptions) {
    let statement = format!("insert into {schema}_orders.plain (entity, first, events) values ($1, $2, $3)");
    let mut sessions = Vec::new();
    for _ in 0..load.writers {
        sessions.push(connect.clone().disable_statement_logging().connect().await.expect("the server answers"));
    }
    let measured = Measured::start(load);
    let tasks = sessions.into_iter().map(|mut session| {
        let (statement, event, measured) = (statement.clone(), event.to_owned(), measured.clone());
        let entity = (Uuid::new_v4().as_u128() >> 65) as i64;
        tokio::spawn(async move {
            let mut first: i64 = 1;
            while measured.goes_on() {
                let sent = Instant::now();
                let query = sqlx::query(AssertSqlSafe(statement.clone())).bind(entity).bind(first).bind(&event);
                query.execute(&mut session).await.expect("inserted");
                measured.took(sent);
                first += 1;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("the writer ends");
    }
    measured.print("plain rows, one insert each", "connections", "rows");
}

async fn run(session: &mut PgConnection, statement: String) {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(session).await.expect("the statement runs");
}

#[derive(Clone)]
struct Measured {
    load: Load,
    begin: Instant,
    done: Arc<AtomicU64>,
    slowest_micros: Arc<AtomicU64>,
}

impl Measured {
    fn start(load: Load) -> Self {
        Self { load, begin: Instant::now(), done: Arc::default(), slowest_micros: Arc::default() }
    }

    fn goes_on(&self) -> bool {
        self.begin.elapsed() < self.load.time
    }

    fn took(&self, sent: Instant) {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.slowest_micros.fetch_max(sent.elapsed().as_micros() as u64, Ordering::Relaxed);
    }

    fn print(&self, name: &str, writers: &str, what: &str) {
        let (elapsed, done) = (self.begin.elapsed().as_secs_f64(), self.done.load(Ordering::Relaxed) as f64);
        let count = self.load.writers;
        let (rate, mean) = (done / elapsed, elapsed * 1_000.0 * count as f64 / done);
        let slowest = self.slowest_micros.load(Ordering::Relaxed) as f64 / 1_000.0;
        println!(
            "{name}: {count} {writers}: {rate:.0} {what} a second, {mean:.2} ms each, {slowest:.1} ms the slowest"
        );
    }
}
