//! How long somebody waits after wrong passwords. A wait grows and has an end: nobody is locked out for good.

use std::time::Duration;

use crate::time::Timestamp;

/// How patient the shop is with one thing that tries: an account from one network, an account from everywhere, a
/// network with any account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Wrong ones that cost no wait.
    pub free: u32,
    /// The wait after the next one; it doubles with each.
    pub first_wait: Duration,
    pub longest_wait: Duration,
}

/// The wrong ones so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: u32,
    pub last: Timestamp,
}

impl Patience {
    /// How long from `now` on the next try has to wait; zero: it may be made.
    pub fn wait(&self, failures: Failures, now: Timestamp) -> Duration {
        failures.last.plus(self.pause(failures.count)).since(now)
    }

    /// The failures with one more. What is long past no longer counts: each longest wait without a failure takes one
    /// off for every doubling, so that somebody who mistypes now and then is never made to wait.
    #[must_use]
    pub fn failed(&self, failures: Failures, now: Timestamp) -> Failures {
        let quiet = now.since(failures.last).as_millis() / self.longest_wait.as_millis().max(1);
        let forgiven = u32::try_from(quiet).unwrap_or(u32::MAX);
        Failures { count: failures.count.saturating_sub(forgiven).saturating_add(1), last: now }
    }

    fn pause(&self, count: u32) -> Duration {
        match count.checked_sub(self.free) {
            None | Some(0) => Duration::ZERO,
            Some(over) => {
                let doubled = 2_u32.checked_pow(over - 1).and_then(|times| self.first_wait.checked_mul(times));
                doubled.unwrap_or(self.longest_wait).min(self.longest_wait)
            }
        }
    }
}
