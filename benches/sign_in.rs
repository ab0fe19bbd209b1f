//! Sign-ins a second beside the rate at which the same threads hash with argon2id alone, round by round in one run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use souk_actors::accounts::Accounts;
use souk_actors::accounts::passwords::hasher::HasherSettings;
use souk_actors::accounts::passwords::{Costs, Hash};
use souk_actors::accounts::register::Newcomer;
use souk_actors::accounts::settings::AccountSettings;
use souk_actors::accounts::sign_in::{Credentials, Device};
use souk_actors::runtime::world::{SystemChance, SystemClock};
use souk_persistence::sqlite::{DataFolder, SqliteAccountStore, SqliteOptions};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
const CLIENTS: usize = 16;
const PASSWORD: &str = "correct horse battery staple";

fn main() {
    // `cargo test --benches` only wants to know that it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let accounts = runtime.block_on(async {
        let data = DataFolder::open(folder.path()).expect("folder");
        let store = Arc::new(SqliteAccountStore::open(&data, &SqliteOptions::default()).await.expect("store"));
        let hasher = HasherSettings { costs: Costs::default(), threads, waiting: 1_000 };
        let settings = AccountSettings { hasher, ..AccountSettings::default() };
        let accounts = Accounts::new(store, Arc::new(SystemClock), Arc::new(SystemChance), settings);
        for client in 0..CLIENTS {
            let email = format!("ada{client}@example.com");
            let newcomer = Newcomer { email, password: PASSWORD.into(), name: "Ada".into() };
            accounts.register(newcomer, &Device::default()).await.expect("registered");
        }
        accounts
    });
    println!("{threads} threads, {CLIENTS} clients, argon2id with 19 MiB and 2 passes, commits to the disk");
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let bare = bare(threads);
        let whole = runtime.block_on(sign_ins(&accounts));
        ratios.push(whole / bare);
        println!("round {round}: argon2id alone {bare:.1}/s, sign-ins {whole:.1}/s, ratio {:.2}", whole / bare);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios[ratios.len() / 2]);
}

fn bare(threads: usize) -> f64 {
    let begun = Instant::now();
    let hashed: usize = std::thread::scope(|scope| {
        let worker = || {
            let mut count = 0;
            while begun.elapsed() < ROUND {
                std::hint::black_box(Hash::write(PASSWORD, [7; 16], Costs::default()));
                count += 1;
            }
            count
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    });
    hashed as f64 / begun.elapsed().as_secs_f64()
}

async fn sign_ins(accounts: &Accounts) -> f64 {
    let begun = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        let accounts = accounts.clone();
        tokio::spawn(async move {
            let mut count = 0;
            while begun.elapsed() < ROUND {
                let email = format!("ada{client}@example.com");
                let credentials = Credentials { email, password: PASSWORD.into(), code: None };
                let device = Device { user_agent: String::new(), network: format!("{client}") };
                accounts.sign_in(credentials, &device).await.expect("signed in");
                count += 1;
            }
            count
        })
    });
    let mut signed_in = 0;
    for client in clients.collect::<Vec<_>>() {
        signed_in += client.await.expect("a client");
    }
    f64::from(signed_in) / begun.elapsed().as_secs_f64()
}
