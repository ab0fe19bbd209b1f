//! Who tries too often. Counted in memory and for each node: a bounded number of things, the least used of which is
//! forgotten first.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use souk_domain::account::throttle::{Failures, Patience};
use souk_domain::time::Timestamp;

const MOST: u64 = 100_000;
const SECOND: Duration = Duration::from_secs(1);

/// One account from one network: somebody who forgot, or who guesses.
const PAIR: Patience = Patience { free: 5, first_wait: SECOND, longest_wait: Duration::from_secs(15 * 60) };
/// One account from everywhere: many machines that guess. Short, so that its owner is not kept out by it.
const ACCOUNT: Patience = Patience { free: 20, first_wait: SECOND, longest_wait: Duration::from_secs(60) };
/// One network with any account: one machine with a long list of passwords of others.
const NETWORK: Patience = Patience { free: 50, first_wait: SECOND, longest_wait: Duration::from_secs(5 * 60) };
/// Mails to one address.
const MAILS: Patience =
    Patience { free: 3, first_wait: Duration::from_secs(60), longest_wait: Duration::from_secs(3_600) };

pub struct Attempts {
    counts: Cache<String, Failures>,
    /// Accounts and networks from which somebody knew the password: not kept out by what others do.
    known: Cache<String, ()>,
    /// Looking and counting are one step, so that many at once do not all pass.
    step: Mutex<()>,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { counts: Cache::new(MOST), known: Cache::new(MOST), step: Mutex::default() }
    }
}

impl Attempts {
    /// Counts a try at an account (by its address) from a network as failed, until it turns out not to be.
    ///
    /// # Errors
    /// How long to wait. It was not counted.
    pub fn begin(&self, email: &str, network: &str, now: Timestamp) -> Result<(), Duration> {
        let _step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        self.count(&self.rules(email, network), now)
    }

    /// It was not found out whether the password was right, because the store was away: the try does not count. Else
    /// whoever goes on trying, as the answer says, would have to wait once the store is back.
    pub fn undecided(&self, email: &str, network: &str) {
        let _step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_back(&self.rules(email, network));
    }

    /// The password was right.
    pub fn succeeded(&self, email: &str, network: &str) {
        let _step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = pair(email, network);
        self.counts.invalidate(&pair);
        // Only this try is taken back: an account of one's own must not wash off guesses at others'.
        self.take_back(&[(of_network(network), NETWORK), (of_account(email), ACCOUNT)]);
        self.known.insert(pair, ());
    }

    /// Whether a mail may be sent to an address.
    ///
    /// # Errors
    /// How long to wait.
    pub fn mail(&self, email: &str, network: &str, now: Timestamp) -> Result<(), Duration> {
        let _step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        self.count(&of_mail(email, network), now)
    }

    /// It was not sent, because the store was away.
    pub fn unsent(&self, email: &str, network: &str) {
        let _step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        self.take_back(&of_mail(email, network));
    }

    fn rules(&self, email: &str, network: &str) -> Vec<(String, Patience)> {
        let pair = pair(email, network);
        let account = (!self.known.contains_key(&pair)).then(|| (of_account(email), ACCOUNT));
        [(pair, PAIR), (of_network(network), NETWORK)].into_iter().chain(account).collect()
    }

    fn count(&self, rules: &[(String, Patience)], now: Timestamp) -> Result<(), Duration> {
        let failures = |key: &String| self.counts.get(key).unwrap_or_default();
        let wait = rules.iter().map(|(key, patience)| patience.wait(failures(key), now)).max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        for (key, patience) in rules {
            self.counts.insert(key.clone(), patience.failed(failures(key), now));
        }
        Ok(())
    }

    fn take_back(&self, rules: &[(String, Patience)]) {
        for (key, _) in rules {
            if let Some(failures) = self.counts.get(key) {
                let count = failures.count.saturating_sub(1);
                self.counts.insert(key.clone(), Failures { count, ..failures });
            }
        }
    }
}

fn of_mail(email: &str, network: &str) -> [(String, Patience); 2] {
    [(format!("mail {email}"), MAILS), (of_network(network), NETWORK)]
}

fn pair(email: &str, network: &str) -> String {
    format!("pair {network} {email}")
}

fn of_account(email: &str) -> String {
    format!("account {email}")
}

fn of_network(network: &str) -> String {
    format!("network {network}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + seconds * 1_000)
    }

    #[test]
    fn a_guesser_waits_longer_and_longer_and_the_owner_elsewhere_gets_in() {
        let attempts = Attempts::default();
        attempts.begin("ada@example.com", "home", at(0)).unwrap();
        attempts.succeeded("ada@example.com", "home");
        let (mut tries, mut now) = (0, 0);
        while now < 3_600 {
            match attempts.begin("ada@example.com", "away", at(now)) {
                Ok(()) => tries += 1,
                Err(wait) => {
                    assert!(wait <= Duration::from_secs(15 * 60));
                    now += wait.as_secs().max(1) as i64;
                }
            }
        }
        assert!((10..=25).contains(&tries), "{tries} tries in an hour");
        // A thousand other networks guess at the same account.
        for network in 0..1_000 {
            let _ = attempts.begin("ada@example.com", &format!("bot {network}"), at(now));
        }
        assert!(attempts.begin("ada@example.com", "new", at(now)).is_err_and(|wait| wait <= Duration::from_secs(60)));
        assert_eq!(attempts.begin("ada@example.com", "home", at(now)), Ok(()), "where she was before she gets in");
        assert_eq!(attempts.begin("bob@example.com", "new", at(now)), Ok(()), "others are not concerned");
    }

    #[test]
    fn a_list_of_passwords_from_one_network_is_slowed() {
        let attempts = Attempts::default();
        let taken = (0..1_000).filter(|n| attempts.begin(&format!("{n}@example.com"), "one", at(0)).is_ok()).count();
        assert_eq!(taken, 51);
        // An account of one's own does not wash it off.
        attempts.begin("own@example.com", "one", at(1)).unwrap();
        attempts.succeeded("own@example.com", "one");
        assert!(attempts.begin("x@example.com", "one", at(1)).is_err());
        assert!(attempts.begin("x@example.com", "one", at(2)).is_ok());
        assert!(attempts.begin("y@example.com", "one", at(3)).is_err(), "and the wait has doubled");
    }

    #[test]
    fn a_try_without_a_verdict_does_not_count() {
        let attempts = Attempts::default();
        for second in 0..1_000 {
            attempts.begin("ada@example.com", "home", at(second)).unwrap();
            attempts.undecided("ada@example.com", "home");
            attempts.mail("ada@example.com", "home", at(second)).unwrap();
            attempts.unsent("ada@example.com", "home");
        }
        // What had a verdict before counts on.
        let wrong = (0..100).filter(|_| attempts.begin("ada@example.com", "home", at(1_000)).is_ok()).count();
        assert_eq!(wrong, 6);
        let waits = attempts.begin("ada@example.com", "home", at(1_001));
        assert_eq!(waits, Ok(()), "a second later it may be tried once");
        attempts.undecided("ada@example.com", "home");
        assert!(attempts.begin("ada@example.com", "home", at(1_001)).is_err(), "and not twice in that second");
    }

    #[test]
    fn mails_to_one_address_are_few() {
        let attempts = Attempts::default();
        let sent = (0..100).filter(|n| attempts.mail("ada@example.com", &format!("{n}"), at(0)).is_ok()).count();
        assert_eq!(sent, 4);
    }
}
