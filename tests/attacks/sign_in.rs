//! Guessing of passwords, by one and by many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::open;
use super::others::Others;
use super::support::answer::Answer;
use super::support::client::Client;
use super::wire::memory;

const PASSWORD: &str = "seven lamps on a harbour wall";
const GUESSES: usize = 10_000;
/// More than may wait for a hash.
const AT_ONCE: usize = 200;
/// As `[accounts]` has it by default.
const HASH_BYTES: usize = 19_456 * 1_024;

/// Each guess from another network and for another account, so that nothing but the bound on hashing holds it back.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_guesses_do_not_keep_others_from_being_served() {
    let settings = [("TRUSTED_PROXIES", "[\"127.0.0.1\"]"), ("ACCOUNTS__HASH_THREADS", "1")];
    let mut shop = open(&settings).await;
    let client = shop.client();
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    from(&client, "192.0.2.1", "/api/v1/accounts", &ada).await.expect(201);
    let (process, base) = (shop.server().id(), shop.server().base.clone());
    let undisturbed = Others::undisturbed(&base).await;
    let (started, cpu_before, before) = (Instant::now(), cpu_time(process), memory(process, "VmRSS"));
    let others = Others::start(&base);
    // Whoever is free takes the next guess, so that all are there until the last one.
    let (mut guessing, next) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)));
    for _ in 0..AT_ONCE {
        let (client, next) = (client.clone(), Arc::clone(&next));
        guessing.spawn(async move {
            let (mut refused, mut sent_away) = (0, 0);
            loop {
                let guess = next.fetch_add(1, Ordering::Relaxed);
                if guess >= GUESSES {
                    break;
                }
                let address = format!("11.{}.{}.9", guess / 256 % 256, guess % 256);
                let body = json!({ "email": format!("user{guess}@example.com"), "password": format!("guess {guess}") });
                let answer = from(&client, &address, "/api/v1/sessions", &body).await;
                match answer.status {
                    Some(401) => refused += 1,
                    Some(503) => {
                        assert!(!answer.header("retry-after").is_empty(), "{answer}");
                        sent_away += 1;
                    }
                    _ => panic!("{answer}"),
                }
            }
            (refused, sent_away)
        });
    }
    let (mut refused, mut sent_away) = (0, 0);
    while let Some(guesser) = guessing.join_next().await {
        let guesser = guesser.expect("a guesser");
        refused += guesser.0;
        sent_away += guesser.1;
    }
    let (lasted, cpu) = (started.elapsed(), cpu_time(process).saturating_sub(cpu_before));
    let grown = memory(process, "VmHWM").saturating_sub(before);
    println!(
        "{GUESSES} guesses in {lasted:?}, {refused} looked at, {sent_away} sent away: {:.2} cores in use, {} MiB more \
         at most; {}",
        cpu.as_secs_f64() / lasted.as_secs_f64(),
        grown / 1_048_576,
        others.finish().await.beside(&undisturbed)
    );
    assert!(refused > 0, "no guess was ever looked at");
    assert!(sent_away > 0, "more were let in than may wait");
    // Hashes show in memory: one at a time has room in this, those of all who wait do not.
    assert!(grown < 6 * HASH_BYTES, "{grown} bytes more");
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    from(&client, "192.0.2.1", "/api/v1/sessions", &ada).await.expect(201);
    shop.close_and_check().await;
}

/// All guesses for one account from one address; its owner is elsewhere.
#[tokio::test]
async fn a_guesser_is_slowed_and_the_owner_still_gets_in() {
    let mut shop = open(&[("TRUSTED_PROXIES", "[\"127.0.0.1\"]")]).await;
    let client = shop.client();
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    from(&client, "192.0.2.1", "/api/v1/accounts", &ada).await.expect(201);
    let (mut looked_at, mut sent_away) = (0, 0);
    for guess in 0..60 {
        let body = json!({ "email": "ada@example.com", "password": format!("guess {guess}") });
        let answer = from(&client, "198.51.100.66", "/api/v1/sessions", &body).await;
        match answer.status {
            Some(401) => looked_at += 1,
            Some(429) => {
                assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1), "{answer}");
                sent_away += 1;
            }
            _ => panic!("{answer}"),
        }
    }
    // Five are free, and each wait is twice the one before.
    assert!(looked_at < 20 && sent_away > 40, "{looked_at} looked at, {sent_away} sent away");
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    from(&client, "192.0.2.1", "/api/v1/sessions", &ada).await.expect(201);
    shop.close_and_check().await;
}

async fn from(client: &Client, address: &str, path: &str, body: &Value) -> Answer {
    client.send(Method::POST, path, &[("x-forwarded-for", address)], Some(body)).await
}

/// What a process has used so far (proc(5): the 14th and 15th field of stat, in hundredths of a second).
fn cpu_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the server's stat");
    let fields = stat.rsplit_once(')').expect("a name in brackets").1.split_whitespace();
    Duration::from_millis(fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>() * 10)
}
