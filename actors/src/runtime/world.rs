//! Time and chance come in as values, so that a test can hold both in its hand.

use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use souk_domain::time::Timestamp;
use uuid::Uuid;

/// What time it is.
pub trait Clock: Debug + Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// Where ids and chance come from.
pub trait Chance: Debug + Send + Sync + 'static {
    /// A new UUID that sorts by time (version 7).
    fn sortable(&self) -> Uuid;
    /// A new UUID that nobody can guess (version 4).
    fn random(&self) -> Uuid;
    /// A duration up to `most`.
    fn jitter(&self, most: Duration) -> Duration;
}

#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[derive(Debug, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn sortable(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn random(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn jitter(&self, most: Duration) -> Duration {
        most.mul_f64(rand::random::<f64>())
    }
}
