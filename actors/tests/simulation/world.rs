//! The world of one seed: time, chance, faults, the moment of the next crash, and a trace of what happened. It
//! outlives every crash of the process that is simulated in it.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use souk_actors::runtime::world::{Chance, Clock};
use souk_domain::time::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::history::History;

/// When the first process starts.
const BEGINNING: i64 = 1_700_000_000_000;

/// How often things go wrong, in a thousand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub append_not_done: u64,
    pub append_unknown: u64,
    pub read_fails: u64,
    pub provider_fails: u64,
    /// Calls that take seconds.
    pub slow: u64,
    /// Steps of the wall clock, for each look at it by the world's own ticker.
    pub clock_steps: u64,
}

pub struct World {
    pub seed: u64,
    chance: Mutex<u64>,
    time: Mutex<Time>,
    trace: Mutex<Trace>,
    weather: Mutex<Option<Weather>>,
    /// Points at which the process may die that are still to be passed before it does.
    crash_in: Mutex<Option<u64>>,
    crash: Notify,
    history: Mutex<History>,
}

struct Time {
    /// Milliseconds that all lives before this one took.
    before: i64,
    life: Option<Instant>,
    /// By how much the wall clock is wrong.
    skew: i64,
}

struct Trace {
    hash: u64,
    events: u64,
    print: bool,
}

impl World {
    pub fn new(seed: u64, print: bool) -> Arc<Self> {
        Arc::new(Self {
            seed,
            chance: Mutex::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed),
            time: Mutex::new(Time { before: 0, life: None, skew: 0 }),
            trace: Mutex::new(Trace { hash: 0xcbf2_9ce4_8422_2325, events: 0, print }),
            weather: Mutex::new(None),
            crash_in: Mutex::new(None),
            crash: Notify::new(),
            history: Mutex::new(History::default()),
        })
    }

    /// The next number of the seed's own sequence (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
    pub fn roll(&self) -> u64 {
        let mut state = lock(&self.chance);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`.
    pub fn below(&self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    /// So often in a thousand.
    pub fn happens(&self, in_a_thousand: u64) -> bool {
        self.below(1_000) < in_a_thousand
    }

    pub fn one_of<T: Copy>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// None: nothing goes wrong and nothing takes time.
    pub fn weather(&self) -> Option<Weather> {
        *lock(&self.weather)
    }

    pub fn set_weather(&self, weather: Option<Weather>) {
        *lock(&self.weather) = weather;
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        lock(&self.history)
    }

    pub fn begin_life(&self, crash_in: Option<u64>) {
        lock(&self.time).life = Some(Instant::now());
        *lock(&self.crash_in) = crash_in;
    }

    pub fn end_life(&self) {
        let mut time = lock(&self.time);
        if let Some(life) = time.life.take() {
            time.before += millis(life.elapsed());
        }
    }

    /// The process stays down for so long.
    pub fn rest(&self, for_how_long: Duration) {
        lock(&self.time).before += millis(for_how_long);
    }

    /// Simulated time since the beginning: what really passed, whatever the wall clock says.
    pub fn passed(&self) -> Duration {
        let time = lock(&self.time);
        let life = time.life.map_or(Duration::ZERO, |life| life.elapsed());
        Duration::from_millis(time.before.unsigned_abs()) + life
    }

    /// The wall clock jumps forward, or takes a small step back.
    pub fn step_clock(&self) {
        let step = if self.happens(500) {
            i64::try_from(self.below(4_000)).unwrap_or(0)
        } else {
            -i64::try_from(self.below(400)).unwrap_or(0)
        };
        lock(&self.time).skew += step;
        self.note(format_args!("clock steps by {step} ms"));
    }

    /// Resolves when the process is to die.
    pub async fn crashed(&self) {
        self.crash.notified().await;
    }

    /// A point at which something else may happen first: it may take time, and the process may die here.
    pub async fn pause(&self, most_millis: u64) {
        let Some(weather) = self.weather() else { return };
        if self.dies_here() {
            self.crash.notify_one();
            std::future::pending::<()>().await;
        }
        if self.happens(weather.slow) {
            tokio::time::sleep(Duration::from_millis(500 + self.below(12_000))).await;
        } else if self.happens(300) {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(Duration::from_millis(1 + self.below(most_millis))).await;
        }
    }

    fn dies_here(&self) -> bool {
        let mut left = lock(&self.crash_in);
        match *left {
            Some(0) => true,
            Some(more) => {
                *left = Some(more - 1);
                false
            }
            None => false,
        }
    }

    /// Something happened: it becomes part of the trace.
    pub fn note(&self, what: fmt::Arguments<'_>) {
        let at = self.passed().as_millis();
        let mut trace = lock(&self.trace);
        trace.events += 1;
        let _ = writeln!(trace, "{at} {what}");
        if trace.print {
            println!("{at:>8} {what}");
        }
    }

    /// A digest of everything that happened, and how much it was.
    pub fn digest(&self) -> (u64, u64) {
        let trace = lock(&self.trace);
        (trace.hash, trace.events)
    }
}

impl fmt::Write for Trace {
    /// FNV-1a.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(())
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the world of seed {}", self.seed)
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        let (passed, skew) = (millis(self.passed()), lock(&self.time).skew);
        Timestamp::from_millis(BEGINNING + passed + skew)
    }
}

impl Chance for World {
    fn sortable(&self) -> Uuid {
        let random = [self.roll().to_le_bytes(), self.roll().to_le_bytes()].concat();
        let mut counter = [0; 10];
        counter.copy_from_slice(&random[..10]);
        uuid::Builder::from_unix_timestamp_millis(self.now().as_millis().unsigned_abs(), &counter).into_uuid()
    }

    fn random(&self) -> Uuid {
        let random = u128::from(self.roll()) << 64 | u128::from(self.roll());
        uuid::Builder::from_random_bytes(random.to_le_bytes()).into_uuid()
    }

    fn jitter(&self, most: Duration) -> Duration {
        Duration::from_millis(self.below(u64::try_from(most.as_millis()).unwrap_or(u64::MAX).saturating_add(1)))
    }
}

pub fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
