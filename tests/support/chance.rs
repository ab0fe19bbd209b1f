//! Random numbers that a printed seed gives again (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).

use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// From `SOUK_TEST_SEED`, or else the clock; printed, so that a failed run can be repeated.
    pub fn from_environment() -> Self {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64);
        let seed = std::env::var("SOUK_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(clock);
        println!("seed: SOUK_TEST_SEED={seed}");
        Self(seed)
    }

    /// Another source that depends on this one's seed only, so that tasks do not disturb one another.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    pub fn between(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
