//! How often a client may call, for each class of endpoint (GCRA, by governor). The answer says what is
//! left, as draft-ietf-httpapi-ratelimit-headers-10 has it.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, QuantaClock, QuantaInstant};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};

use super::endpoint_class::EndpointClass;
use super::rate_table::{ClientKey, RateTable};
use crate::config::{LimitConfig, LimitsConfig};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

pub struct RateLimits {
    reads: ClassLimit,
    writes: ClassLimit,
    checkout: ClassLimit,
    sessions: ClassLimit,
}

struct ClassLimit {
    name: &'static str,
    per_second: u32,
    burst: u32,
    policy: HeaderValue,
    limiter: RateLimiter<ClientKey, RateTable, QuantaClock, StateInformationMiddleware>,
}

/// What the limiter said about one request.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// How long to wait, where the request is refused.
    pub wait: Option<Duration>,
    policy: HeaderValue,
    limit: HeaderValue,
}

impl RateLimits {
    /// None when limits are switched off.
    pub fn new(config: &LimitsConfig) -> Option<Self> {
        let most = config.max_clients as usize;
        config.enabled.then(|| Self {
            reads: ClassLimit::new("reads", config.reads, most),
            writes: ClassLimit::new("writes", config.writes, most),
            checkout: ClassLimit::new("checkout", config.checkout, most),
            sessions: ClassLimit::new("sessions", config.sessions, most),
        })
    }

    /// Counts a request. None when its class is not limited.
    pub fn check(&self, class: EndpointClass, client: ClientKey) -> Option<Verdict> {
        match class {
            EndpointClass::Reads => Some(self.reads.check(client)),
            EndpointClass::Writes => Some(self.writes.check(client)),
            EndpointClass::Checkout => Some(self.checkout.check(client)),
            EndpointClass::Sessions => Some(self.sessions.check(client)),
            EndpointClass::Free => None,
        }
    }
}

impl ClassLimit {
    fn new(name: &'static str, config: LimitConfig, max_clients: usize) -> Self {
        let LimitConfig { per_second, burst } = config;
        let positive = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(positive(per_second)).allow_burst(positive(burst));
        let policy = format!("\"{name}\";q={burst};w={}", burst.div_ceil(per_second.max(1)).max(1));
        let policy = HeaderValue::try_from(policy).expect("plain text is valid in a header");
        let limiter = RateLimiter::new(quota, RateTable::new(max_clients), QuantaClock::default());
        Self { name, per_second, burst, policy, limiter }
    }

    fn check(&self, client: ClientKey) -> Verdict {
        let (remaining, wait) = match self.limiter.check_key(&client) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => {
                let now: QuantaInstant = self.limiter.clock().now();
                (0, Some(until.wait_time_from(now)))
            }
        };
        let whole_again = self.burst.saturating_sub(remaining).div_ceil(self.per_second.max(1)).max(1);
        let limit = format!("\"{}\";r={remaining};t={whole_again}", self.name);
        let limit = HeaderValue::try_from(limit).expect("plain text is valid in a header");
        Verdict { wait, policy: self.policy.clone(), limit }
    }
}

impl Verdict {
    pub fn tell(self, headers: &mut HeaderMap) {
        headers.insert(POLICY, self.policy);
        headers.insert(LIMIT, self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_second: u32, burst: u32) -> RateLimits {
        let class = LimitConfig { per_second, burst };
        let config =
            LimitsConfig { reads: class, writes: class, checkout: class, sessions: class, ..LimitsConfig::default() };
        RateLimits::new(&config).unwrap()
    }

    #[test]
    fn a_burst_is_taken_and_no_more() {
        let limits = limits(10, 20);
        let check = || limits.check(EndpointClass::Reads, ClientKey::V4(1)).unwrap();
        let first = check();
        assert_eq!(
            (first.policy.to_str().unwrap(), first.limit.to_str().unwrap()),
            ("\"reads\";q=20;w=2", "\"reads\";r=19;t=1")
        );
        let refused = (0..40).filter(|_| check().wait.is_some()).count();
        // A few may have been earned while the test ran.
        assert!((10..=21).contains(&refused), "{refused}");
        let wait = check().wait.unwrap();
        assert!(wait <= Duration::from_millis(100), "{wait:?}");
    }

    #[test]
    fn clients_and_classes_are_told_apart() {
        let limits = limits(1, 1);
        let refused = |class, client| limits.check(class, ClientKey::V4(client)).unwrap().wait.is_some();
        assert!(!refused(EndpointClass::Reads, 1) && refused(EndpointClass::Reads, 1));
        assert!(!refused(EndpointClass::Reads, 2) && !refused(EndpointClass::Writes, 1));
        assert!(limits.check(EndpointClass::Free, ClientKey::V4(1)).is_none());
    }
}
