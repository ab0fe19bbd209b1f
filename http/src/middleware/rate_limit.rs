//! How often a client may call, for each class of endpoint, by address and by account (GCRA, by governor). The
//! answer says what is left, as draft-ietf-httpapi-ratelimit-headers-10 has it.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use governor::clock::{Clock, QuantaClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};

use super::client_key::ClientKey;
use super::endpoint_class::EndpointClass;
use super::rate_table::RateTable;
use crate::config::{LimitConfig, LimitsConfig};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The memory of all of them is bounded: a table holds at most `max_clients` entries of 24 bytes (and a hash table's
/// own room), and there are two tables for each class and for each endpoint with a limit of its own.
pub struct RateLimits<C: Clock = QuantaClock> {
    reads: Allowance<C>,
    writes: Allowance<C>,
    checkout: Allowance<C>,
    sessions: Allowance<C>,
    /// By the pattern of the URL table.
    endpoints: HashMap<(Method, String), Allowance<C>>,
    hasher: RandomState,
}

/// What is counted together, by address and by account: an account that is used from many places has one allowance,
/// and many accounts at one place have one too.
struct Allowance<C: Clock> {
    by_address: Limit<C>,
    by_account: Limit<C>,
}

struct Limit<C: Clock> {
    policy: Arc<Policy>,
    per_second: u32,
    burst: u32,
    limiter: RateLimiter<ClientKey, RateTable, C, StateInformationMiddleware>,
}

/// What is told of a limit in the same words each time.
#[derive(Debug)]
struct Policy {
    /// As a string of structured fields (RFC 9651).
    name: String,
    header: HeaderValue,
}

/// What the limiter said about one request.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// How long to wait, where the request is refused.
    pub wait: Option<Duration>,
    policy: Arc<Policy>,
    /// Requests that are left, and the seconds after which there are as many as can be.
    remaining: u32,
    whole_again: u32,
}

impl RateLimits {
    /// None when limits are switched off.
    pub fn new(config: &LimitsConfig) -> Option<Self> {
        config.enabled.then(|| Self::with_clock(config, &QuantaClock::default()))
    }
}

impl<C: Clock + Clone> RateLimits<C> {
    fn with_clock(config: &LimitsConfig, clock: &C) -> Self {
        let most = config.max_clients as usize;
        let allowance = |name: &str, limit: LimitConfig| Allowance {
            by_address: Limit::new(format!("\"{name}\""), limit, most, clock.clone()),
            by_account: Limit::new(format!("\"{name}-account\""), limit, most, clock.clone()),
        };
        let endpoint = |(call, limit): (&String, &LimitConfig)| {
            let (method, path) = call.split_once(' ')?;
            Some(((method.parse().ok()?, path.to_owned()), allowance(call, *limit)))
        };
        Self {
            reads: allowance("reads", config.reads),
            writes: allowance("writes", config.writes),
            checkout: allowance("checkout", config.checkout),
            sessions: allowance("sessions", config.sessions),
            endpoints: config.endpoints.iter().filter_map(endpoint).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Counts a request of an address. None when its class is not limited.
    pub fn check_address(&self, method: &Method, path: &str, client: ClientKey) -> Option<Verdict> {
        Some(self.allowance(method, path)?.by_address.check(client))
    }

    /// Counts a request of somebody whose token is valid. None when its class is not limited.
    pub fn check_account(&self, method: &Method, path: &str, account: &str) -> Option<Verdict> {
        let client = ClientKey::Account(self.hasher.hash_one(account));
        Some(self.allowance(method, path)?.by_account.check(client))
    }

    fn allowance(&self, method: &Method, path: &str) -> Option<&Allowance<C>> {
        if !self.endpoints.is_empty()
            && let Some(allowance) = self.endpoints.get(&(method.clone(), path.to_owned()))
        {
            return Some(allowance);
        }
        match EndpointClass::of(method, path) {
            EndpointClass::Reads => Some(&self.reads),
            EndpointClass::Writes => Some(&self.writes),
            EndpointClass::Checkout => Some(&self.checkout),
            EndpointClass::Sessions => Some(&self.sessions),
            EndpointClass::Free => None,
        }
    }
}

impl<C: Clock> Limit<C> {
    fn new(name: String, config: LimitConfig, max_clients: usize, clock: C) -> Self {
        let LimitConfig { per_second, burst } = config;
        let positive = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(positive(per_second)).allow_burst(positive(burst));
        let header = format!("{name};q={burst};w={}", burst.div_ceil(per_second.max(1)).max(1));
        let header = HeaderValue::try_from(header).expect("plain text is valid in a header");
        let limiter = RateLimiter::new(quota, RateTable::new(max_clients), clock);
        Self { policy: Arc::new(Policy { name, header }), per_second, burst, limiter }
    }

    fn check(&self, client: ClientKey) -> Verdict {
        let (remaining, wait) = match self.limiter.check_key(&client) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(self.limiter.clock().now()))),
        };
        let whole_again = self.burst.saturating_sub(remaining).div_ceil(self.per_second.max(1)).max(1);
        Verdict { wait, policy: Arc::clone(&self.policy), remaining, whole_again }
    }
}

impl Verdict {
    pub fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(POLICY, self.policy.header.clone());
        headers.insert(LIMIT, self.limit());
    }

    fn limit(&self) -> HeaderValue {
        let Self { policy, remaining, whole_again, wait: _ } = self;
        // Written into a buffer of just its length, which the header keeps as it is.
        let digits = |number: u32| number.checked_ilog10().map_or(1, |power| power as usize + 1);
        let length = policy.name.len() + ";r=;t=".len() + digits(*remaining) + digits(*whole_again);
        let mut text = String::with_capacity(length);
        write!(text, "{};r={remaining};t={whole_again}", policy.name).expect("a string takes what is written");
        HeaderValue::try_from(text).expect("plain text is valid in a header")
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    const READ: &str = "/api/v1/products";

    fn limits(config: &LimitsConfig) -> (RateLimits<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (RateLimits::with_clock(config, &clock), clock)
    }

    fn passed(limits: &RateLimits<FakeRelativeClock>, method: Method, path: &str, client: u32, calls: usize) -> usize {
        let check = || limits.check_address(&method, path, ClientKey::V4(client)).unwrap();
        (0..calls).filter(|_| check().wait.is_none()).count()
    }

    #[test]
    fn of_forty_quick_calls_twenty_pass_and_ten_more_after_a_second() {
        let (limits, clock) = limits(&LimitsConfig::default());
        assert_eq!(passed(&limits, Method::GET, READ, 1, 40), 20);
        let refused = limits.check_address(&Method::GET, READ, ClientKey::V4(1)).unwrap();
        assert_eq!(refused.wait, Some(Duration::from_millis(100)));
        let mut told = HeaderMap::new();
        refused.tell(&mut told);
        assert_eq!(
            (&told[POLICY], &told[LIMIT]),
            (&"\"reads\";q=20;w=2".parse().unwrap(), &"\"reads\";r=0;t=2".parse().unwrap())
        );
        assert_eq!(passed(&limits, Method::POST, "/api/v1/carts", 1, 40), 20, "another class is untouched");
        assert_eq!(passed(&limits, Method::GET, READ, 2, 40), 20, "another client is untouched");
        clock.advance(Duration::from_secs(1));
        assert_eq!(passed(&limits, Method::GET, READ, 1, 40), 10);
        clock.advance(Duration::from_secs(60));
        assert_eq!(passed(&limits, Method::GET, READ, 1, 40), 20, "no more than the burst is saved up");
    }

    #[test]
    fn an_account_has_one_allowance_wherever_it_calls_from() {
        let (limits, _) = limits(&LimitsConfig::default());
        let check = |account: &str| limits.check_account(&Method::GET, READ, account).unwrap();
        assert_eq!((0..40).filter(|_| check("acct_1").wait.is_none()).count(), 20);
        assert!(check("acct_2").wait.is_none());
        assert!(check("acct_1").limit().to_str().unwrap().starts_with("\"reads-account\";r=0;"));
    }

    #[test]
    fn an_endpoint_can_have_a_limit_of_its_own() {
        let one = LimitConfig { per_second: 1, burst: 1 };
        let endpoints = [("POST /api/v1/orders".to_owned(), one)].into();
        let (limits, _) = limits(&LimitsConfig { endpoints, ..LimitsConfig::default() });
        assert_eq!(passed(&limits, Method::POST, "/api/v1/orders", 1, 40), 1);
        assert_eq!(passed(&limits, Method::POST, "/api/v1/payments/{id}/confirm", 1, 40), 20);
        assert_eq!(passed(&limits, Method::GET, "/api/v1/orders", 1, 40), 20);
    }

    #[test]
    fn files_are_not_counted() {
        let (limits, _) = limits(&LimitsConfig::default());
        for path in ["/media/{file}", "/assets/app.js", "/health"] {
            assert!(limits.check_address(&Method::GET, path, ClientKey::V4(1)).is_none(), "{path}");
        }
    }

    #[test]
    fn a_hundred_thousand_addresses_do_not_win_back_anybodys_allowance() {
        let config = LimitsConfig { max_clients: 1_000, ..LimitsConfig::default() };
        let (limits, _) = limits(&config);
        assert_eq!(passed(&limits, Method::GET, READ, 1, 20), 20);
        for client in 100..100_100 {
            assert_eq!(passed(&limits, Method::GET, READ, client, 1), 1);
        }
        assert_eq!(passed(&limits, Method::GET, READ, 1, 1), 0, "who used the most is kept");
    }
}
