//! The tests: many seeds, the same seeds twice, and the bugs that have to be found.

use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use souk_domain::planted::{Bug, POSSIBLE};

use crate::run::{Outcome, run};
use crate::world::lock;

/// Seeds that are played without being asked for more.
const SEEDS: u64 = if cfg!(debug_assertions) { 60 } else { 2_000 };
/// Each bug has to be found within so many.
const HUNT: u64 = 2_000;
const THREADS: u64 = 2;
/// Seeds that are played twice.
const TWICE: u64 = 20;
/// Tells a second process which seeds to play.
const CHILD: &str = "SOUK_SEED_DIGESTS";

fn asked(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {value:?}")))
}

fn complain(outcome: &Outcome) -> String {
    let seed = outcome.seed;
    format!("seed {seed} (SOUK_SEED={seed} plays it again):\n  {}", outcome.violations.join("\n  "))
}

#[test]
fn every_seed_keeps_the_rules() {
    if let Some(seed) = asked("SOUK_SEED") {
        let bug = std::env::var("SOUK_BUG").ok();
        let bug = bug.map(|name| named(&name).unwrap_or_else(|| panic!("no bug is called {name}")));
        let outcome = run(seed, bug, true);
        println!("{:?}, {} events, hash {:016x}", outcome.tally, outcome.events, outcome.hash);
        assert!(outcome.violations.is_empty(), "{}", complain(&outcome));
        return;
    }
    let (started, minutes) = (Instant::now(), asked("SOUK_SEED_MINUTES"));
    let until = minutes.map(|minutes| started + Duration::from_secs(60 * minutes));
    let seeds = asked("SOUK_SEEDS").unwrap_or(SEEDS);
    let (sum, failed) = (Mutex::new([0_u64; 8]), Mutex::new(Vec::new()));
    // A long run has seeds that no run had before.
    let first = minutes.map_or(0, |_| unix_seconds() * 1_000_000);
    let played = play(
        None,
        first,
        |seed| until.map_or(seed < seeds, |until| Instant::now() < until),
        |outcome| {
            let tally = outcome.tally;
            let counts = [
                tally.orders,
                tally.confirmed,
                tally.expired,
                tally.cancelled,
                tally.out_of_stock,
                tally.used_up,
                tally.refunded,
                tally.messages,
            ];
            lock(&sum).iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            if !outcome.violations.is_empty() {
                lock(&failed).push(complain(&outcome));
            }
            lock(&failed).len() >= 5
        },
    );
    let [orders, confirmed, expired, cancelled, out_of_stock, used_up, refunded, messages] = *lock(&sum);
    println!(
        "{played} seeds in {:?}: {orders} orders ({confirmed} confirmed, {expired} expired, {cancelled} cancelled, \
         {out_of_stock} out of stock, {used_up} with a used up discount, {refunded} refunded), {messages} entries in rooms",
        started.elapsed()
    );
    let failed = lock(&failed);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let idle = [confirmed, expired, cancelled, out_of_stock, used_up, refunded, messages].contains(&0);
    assert!(played < 50 || !idle, "a world in which something never happens tests nothing of it");
}

#[test]
fn the_same_seed_is_the_same_story_in_another_process() {
    let seeds = 1_000_000..1_000_000 + TWICE;
    let digests = |seeds: std::ops::Range<u64>| -> Vec<String> {
        seeds.map(|seed| run(seed, None, false)).map(|o| format!("{} {:016x} {}", o.seed, o.hash, o.events)).collect()
    };
    if std::env::var_os(CHILD).is_some() {
        digests(seeds).iter().for_each(|digest| println!("digest {digest}"));
        return;
    }
    let this = std::env::current_exe().expect("this program has a path");
    let name = "suite::the_same_seed_is_the_same_story_in_another_process";
    let child = Command::new(this).args([name, "--exact", "--nocapture"]).env(CHILD, "1").output().expect("it starts");
    let theirs = String::from_utf8_lossy(&child.stdout).into_owned();
    // The harness may write its own words before the first line.
    let theirs: Vec<&str> = theirs.lines().filter_map(|line| Some(line.split_once("digest ")?.1)).collect();
    let ours = digests(seeds);
    assert_eq!(theirs.len(), ours.len(), "{}", String::from_utf8_lossy(&child.stderr));
    assert_eq!(theirs, ours);
}

#[test]
fn every_planted_bug_is_found() {
    if !POSSIBLE || asked("SOUK_SEED").is_some() {
        return;
    }
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        let found: Mutex<Option<Outcome>> = Mutex::default();
        let played = play(
            Some(bug),
            0,
            |seed| seed < HUNT,
            |outcome| {
                let bad = !outcome.violations.is_empty();
                if bad {
                    lock(&found).get_or_insert(outcome);
                }
                bad
            },
        );
        match &*lock(&found) {
            Some(outcome) => {
                println!("{bug:?}: found by seed {} after {played} seeds: {}", outcome.seed, outcome.violations[0]);
            }
            None => missed.push(format!("{bug:?}")),
        }
    }
    assert!(missed.is_empty(), "not found within {HUNT} seeds: {missed:?}");
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

fn named(name: &str) -> Option<Bug> {
    Bug::ALL.into_iter().find(|bug| format!("{bug:?}") == name)
}

/// Plays seeds from `first` on, on a few threads, as long as `goes_on` says so and `each` does not say enough. Returns how
/// many were played.
fn play(
    bug: Option<Bug>,
    first: u64,
    goes_on: impl Fn(u64) -> bool + Sync,
    each: impl Fn(Outcome) -> bool + Sync,
) -> u64 {
    let (next, played, enough) = (AtomicU64::new(first), AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|threads| {
        for _ in 0..THREADS {
            threads.spawn(|| {
                while !enough.load(Ordering::Relaxed) {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !goes_on(seed) {
                        return;
                    }
                    let outcome = run(seed, bug, false);
                    played.fetch_add(1, Ordering::Relaxed);
                    if each(outcome) {
                        enough.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    played.into_inner()
}
