//! A server that is killed under load and started again, while the store stays open: nothing that was acknowledged is
//! lost, nothing is written twice, and nobody has to open the store again.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use souk_persistence::contract::fixture::{entity, holds_numbered, numbered};
use souk_persistence::error::AppendError;
use souk_persistence::journal::{EntityId, Journal};
use souk_persistence::postgres::{PostgresOptions, PostgresOrderStore};

use crate::server::{options_at, variable};

/// A server of its own. It ends with the test.
struct Victim {
    process: Child,
    address: String,
}

impl Victim {
    fn start() -> Self {
        let url = variable("SOUK_TEST_POSTGRES_VICTIM_URL");
        let address = url.rsplit_once('@').and_then(|(_, host)| host.split_once('/')).expect("a URL").0.to_owned();
        Self { process: run(), address }
    }

    async fn answers(&self) {
        let begin = Instant::now();
        while TcpStream::connect(&self.address).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(60), "the server does not listen");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// `kill -9`, and again until the sessions of the dead server have noticed and let a new one start.
    async fn kill_and_restart(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("it is dead");
        let begin = Instant::now();
        loop {
            self.process = run();
            tokio::time::sleep(Duration::from_millis(500)).await;
            if self.process.try_wait().expect("its state").is_none() {
                break;
            }
            assert!(begin.elapsed() < Duration::from_secs(60), "the server does not start again");
        }
        self.answers().await;
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // An error: it is dead already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program that the script made: it becomes the server.
fn run() -> Child {
    let mut command = Command::new(variable("SOUK_TEST_POSTGRES_VICTIM"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the server starts")
}

#[derive(Default)]
struct Told {
    acknowledged: AtomicU64,
    not_done: AtomicU64,
    unknown: AtomicU64,
    /// Unknown ones that the journal had.
    found: AtomicU64,
}

/// Appends to one entity until the end, each commit until it is known to be written. Returns how many there are.
async fn write(store: Arc<PostgresOrderStore>, order: EntityId, end: Arc<AtomicBool>, told: Arc<Told>) -> u64 {
    let mut head = 0;
    while !end.load(Ordering::Relaxed) {
        let commit = numbered(&order, head, 1);
        match store.append(commit.clone()).await {
            Ok(()) => {
                told.acknowledged.fetch_add(1, Ordering::Relaxed);
                head += 1;
            }
            Err(AppendError::NotDone(_)) => {
                told.not_done.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(AppendError::Unknown(_)) => {
                told.unknown.fetch_add(1, Ordering::Relaxed);
                let loaded = loop {
                    match store.load(&order, 1).await {
                        Ok(loaded) => break loaded,
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                };
                if loaded.commit_id == Some(commit.commit_id) {
                    told.found.fetch_add(1, Ordering::Relaxed);
                    head += 1;
                }
                assert_eq!(loaded.head, head, "{order} is alone and knows its own commits");
            }
            Err(error @ AppendError::Conflict { .. }) => panic!("{order} after {head}: {error}"),
        }
    }
    head
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing_and_doubles_nothing() {
    let mut victim = Victim::start();
    victim.answers().await;
    let options = PostgresOptions {
        writers: 4,
        statement_timeout: Duration::from_secs(3),
        connect_timeout: Duration::from_secs(2),
        ..options_at(variable("SOUK_TEST_POSTGRES_VICTIM_URL"))
    };
    let store = loop {
        // It listens before it lets anybody in.
        match PostgresOrderStore::open(&options).await {
            Ok(store) => break Arc::new(store),
            Err(error) => assert!(error.to_string().starts_with("stores.orders: "), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let (end, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Told::default()));
    let writers: Vec<_> = (0..32)
        .map(|number| tokio::spawn(write(store.clone(), entity("ord", number), end.clone(), told.clone())))
        .collect();
    for _ in 0..3 {
        let before = told.acknowledged.load(Ordering::Relaxed);
        let begin = Instant::now();
        while told.acknowledged.load(Ordering::Relaxed) < before + 200 {
            assert!(begin.elapsed() < Duration::from_secs(120), "the writers do not go on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        victim.kill_and_restart().await;
    }
    let before = told.acknowledged.load(Ordering::Relaxed);
    while told.acknowledged.load(Ordering::Relaxed) < before + 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    end.store(true, Ordering::Relaxed);
    for (number, writer) in (0..).zip(writers) {
        let head = writer.await.expect("the writer ends");
        holds_numbered(&*store, &entity("ord", number), head).await;
    }
    let Told { acknowledged, not_done, unknown, found } = &*told;
    println!(
        "{} acknowledged, {} not done, {} unknown, of which {} were written",
        acknowledged.load(Ordering::Relaxed),
        not_done.load(Ordering::Relaxed),
        unknown.load(Ordering::Relaxed),
        found.load(Ordering::Relaxed)
    );
    store.close().await;
}
