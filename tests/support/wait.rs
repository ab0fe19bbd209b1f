//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// Long enough for a busy machine; a test that passes does not wait for it.
pub const SOON: Duration = Duration::from_secs(20);

/// Tries until there is a result, and panics with the last reason when there is none in time.
pub async fn eventually<T>(what: &str, within: Duration, mut attempt: impl AsyncFnMut() -> Result<T, String>) -> T {
    let started = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(25));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match attempt().await {
            Ok(value) => return value,
            Err(reason) if started.elapsed() > within => panic!("{what}: not within {within:?}; last: {reason}"),
            Err(_) => {}
        }
    }
}
