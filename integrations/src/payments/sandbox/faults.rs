//! How the sandbox misbehaves when it is told to: by a card, or by chance with a seed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::tokens::Token;

/// Keys of failed calls that are remembered; then they are forgotten and fail once more.
const MAX_FAILED: usize = 10_000;

/// How often each fault happens, in calls or webhooks of a thousand.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRates {
    pub slow: u32,
    pub silent: u32,
    pub fails: u32,
    pub webhook_twice: u32,
    pub webhook_out_of_order: u32,
    pub webhook_never: u32,
    pub seed: u64,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallFault {
    None,
    /// Answers after some time.
    Slow,
    /// Acts, and never answers.
    Silent,
    /// Answers that it can't, and does nothing.
    Fails,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WebhookFaultKind {
    None,
    Twice,
    Late,
    Never,
}

#[derive(Debug)]
pub(super) struct Faults {
    rates: FaultRates,
    calls: AtomicU64,
    failed: Mutex<HashSet<String>>,
}

impl FaultRates {
    /// # Errors
    /// The key at fault and a sentence.
    pub fn validate(&self) -> Result<(), (&'static str, String)> {
        let Self { slow, silent, fails, webhook_twice, webhook_out_of_order, webhook_never, seed: _ } = *self;
        let more = |sum: u64| format!("the rates together are {sum} per mille, and 1000 is all");
        match (
            u64::from(slow) + u64::from(silent) + u64::from(fails),
            u64::from(webhook_twice) + u64::from(webhook_out_of_order) + u64::from(webhook_never),
        ) {
            (calls, _) if calls > 1_000 => Err(("sandbox.faults.slow", more(calls))),
            (_, webhooks) if webhooks > 1_000 => Err(("sandbox.faults.webhook_twice", more(webhooks))),
            _ => Ok(()),
        }
    }

    /// The same event always meets the same fault.
    pub(super) fn of_webhook(&self, event: &str) -> WebhookFaultKind {
        let number = event.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let roll = self.roll(number);
        let (twice, late) = (self.webhook_twice, self.webhook_twice + self.webhook_out_of_order);
        match roll {
            roll if roll < twice => WebhookFaultKind::Twice,
            roll if roll < late => WebhookFaultKind::Late,
            roll if roll < late + self.webhook_never => WebhookFaultKind::Never,
            _ => WebhookFaultKind::None,
        }
    }

    fn of_call(&self, number: u64) -> CallFault {
        match self.roll(number) {
            roll if roll < self.slow => CallFault::Slow,
            roll if roll < self.slow + self.silent => CallFault::Silent,
            roll if roll < self.slow + self.silent + self.fails => CallFault::Fails,
            _ => CallFault::None,
        }
    }

    /// 0 to 999, by SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>).
    fn roll(&self, number: u64) -> u32 {
        let mut mixed = self.seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) % 1_000).unwrap_or(0)
    }
}

impl Faults {
    pub fn new(rates: FaultRates) -> Self {
        Self { rates, calls: AtomicU64::new(0), failed: Mutex::default() }
    }

    /// What happens to the next call.
    pub fn of_call(&self) -> CallFault {
        self.rates.of_call(self.calls.fetch_add(1, Ordering::Relaxed))
    }

    /// What happens to a confirmation with a card; a good card meets the faults of any call.
    pub fn of_confirm(&self, token: &str, key: &str) -> CallFault {
        match Token::read(token) {
            Some(Token::Slow) => CallFault::Slow,
            Some(Token::Silent) => CallFault::Silent,
            Some(Token::Fails) if self.fails_first(key) => CallFault::Fails,
            _ => self.of_call(),
        }
    }

    fn fails_first(&self, key: &str) -> bool {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= MAX_FAILED {
            failed.clear();
        }
        failed.insert(key.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_met_and_a_seed_gives_the_same_faults() {
        let rates = FaultRates { slow: 100, silent: 50, fails: 200, seed: 7, ..FaultRates::default() };
        let faults: Vec<_> = (0..20_000).map(|number| rates.of_call(number)).collect();
        let of = |kind| faults.iter().filter(|fault| **fault == kind).count();
        for (kind, expected) in [(CallFault::Slow, 2_000), (CallFault::Silent, 1_000), (CallFault::Fails, 4_000)] {
            assert!(of(kind).abs_diff(expected) < expected / 5, "{kind:?}: {}", of(kind));
        }
        assert_eq!((0..20_000).map(|number| rates.of_call(number)).collect::<Vec<_>>(), faults);
        let other = FaultRates { seed: 8, ..rates };
        assert_ne!((0..20_000).map(|number| other.of_call(number)).collect::<Vec<_>>(), faults);
        assert!((0..1_000).all(|number| FaultRates::default().of_call(number) == CallFault::None));
    }

    #[test]
    fn a_complaint_names_the_key() {
        let rates = FaultRates { silent: 600, fails: 500, ..FaultRates::default() };
        assert_eq!(rates.validate().unwrap_err().0, "sandbox.faults.slow");
        let rates = FaultRates { webhook_never: 1_001, ..FaultRates::default() };
        assert_eq!(rates.validate().unwrap_err().0, "sandbox.faults.webhook_twice");
    }

    #[test]
    fn each_card_misbehaves_in_its_way() {
        let faults = Faults::new(FaultRates::default());
        assert_eq!(faults.of_confirm("tok_slow", "k"), CallFault::Slow);
        assert_eq!(faults.of_confirm("tok_silent", "k"), CallFault::Silent);
        assert_eq!(faults.of_confirm("tok_ok", "k"), CallFault::None);
        assert_eq!(faults.of_confirm("tok_fails", "k"), CallFault::Fails);
        assert_eq!(faults.of_confirm("tok_fails", "k"), CallFault::None, "the second time it works");
    }
}
