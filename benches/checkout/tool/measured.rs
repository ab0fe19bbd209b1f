//! What a round came to, and what a checkout cost in it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::shop::Taken;
use super::tally::{Call, Faults, Tally};

/// The name of the runtime's threads, and of the first thread, which runs the accept loop.
const RUNTIME: [&str; 2] = ["souk-runtime", "souk"];
/// The thread of the provider's file, where the provider is inside.
const PROVIDER: &str = "sandbox.db";

/// Milliseconds.
#[derive(Debug, Default, Clone, Copy)]
pub struct Quantiles {
    pub p50: f64,
    pub p90: f64,
    pub p99: f64,
    pub max: f64,
}

#[derive(Debug)]
pub struct Round {
    /// Complete checkouts a second.
    pub rate: f64,
    pub complete: u64,
    pub checkout: Quantiles,
    pub calls: [Quantiles; Call::ALL.len()],
    pub requests: u64,
    pub faults: Faults,
    pub taken: Taken,
}

/// A number of clients, over several rounds.
#[derive(Debug)]
pub struct Level {
    pub clients: usize,
    /// The one with the median rate.
    pub median: Round,
    pub slowest: f64,
    pub fastest: f64,
    /// Of all rounds, the warm-up too.
    pub faults: Faults,
    /// What the floor took, for as many requests as the median round made.
    pub floor: Taken,
}

/// What one checkout took of the CPU, in microseconds, by part.
#[derive(Debug, Clone)]
pub struct Cost {
    pub client: f64,
    pub edge: f64,
    pub actors: f64,
    /// By file.
    pub stores: BTreeMap<String, f64>,
    pub provider: f64,
    /// The search index, and threads that came and went.
    pub rest: f64,
}

impl Quantiles {
    /// Of microseconds.
    pub fn of(mut times: Vec<u32>) -> Self {
        times.sort_unstable();
        let at = |part: f64| {
            let rank = (times.len() as f64 * part).ceil() as usize;
            times.get(rank.saturating_sub(1)).map_or(f64::NAN, |time| f64::from(*time) / 1_000.0)
        };
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

impl Round {
    pub fn new(tally: Tally, elapsed: Duration, taken: Taken) -> Self {
        let Tally { checkouts, calls, requests, faults } = tally;
        let complete = checkouts.len() as u64;
        Self {
            rate: complete as f64 / elapsed.as_secs_f64(),
            complete,
            checkout: Quantiles::of(checkouts),
            calls: calls.map(Quantiles::of),
            requests,
            faults,
            taken,
        }
    }
}

impl Cost {
    /// None without a complete checkout.
    pub fn of(round: &Round, floor: &Taken) -> Option<Self> {
        let each = |time: Duration| time.as_secs_f64() * 1e6 / round.complete as f64;
        let Taken { client, server, provider } = &round.taken;
        let runtime =
            |taken: &Taken| -> Duration { RUNTIME.iter().filter_map(|name| taken.server.threads.get(*name)).sum() };
        let (all, edge) = (runtime(&round.taken), runtime(floor));
        let written = by_file(&server.threads).filter(|(_, time)| !time.is_zero());
        let stores: BTreeMap<String, f64> = written.map(|(file, time)| (file, each(time))).collect();
        let inside = server.threads.get(PROVIDER).copied().unwrap_or_default();
        let provider = provider.as_ref().map_or(inside, |provider| provider.whole);
        let named = each(all) + stores.values().sum::<f64>() + each(inside);
        (round.complete > 0).then(|| Self {
            client: each(client.whole),
            edge: each(edge.min(all)),
            actors: each(all.saturating_sub(edge)),
            stores,
            provider: each(provider),
            rest: (each(server.whole) - named).max(0.0),
        })
    }

    /// The server and the provider.
    pub fn shop(&self) -> f64 {
        let Self { client: _, edge, actors, stores, provider, rest } = self;
        edge + actors + stores.values().sum::<f64>() + provider + rest
    }
}

/// The threads of the stores' files, `orders.db-w` and `orders.db-r`, with both times in one.
fn by_file(threads: &BTreeMap<String, Duration>) -> impl Iterator<Item = (String, Duration)> {
    let mut files: BTreeMap<String, Duration> = BTreeMap::new();
    for (name, time) in threads {
        if let Some(file) = name.strip_suffix("-w").or_else(|| name.strip_suffix("-r")).filter(|f| f.ends_with(".db")) {
            *files.entry(file.to_owned()).or_default() += *time;
        }
    }
    files.into_iter()
}
