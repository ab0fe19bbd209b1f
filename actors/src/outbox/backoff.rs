//! When a delivery is tried again.

use std::time::Duration;

use souk_domain::time::Timestamp;
use souk_persistence::outbox::Standing;

use crate::runtime::world::Chance;

/// After the `attempts`-th failed attempt: the schedule's next time and up to a tenth more, so that what failed
/// together does not come back together. Parked once the schedule is used up.
pub fn after_failure(attempts: u32, retries: &[Duration], now: Timestamp, chance: &dyn Chance) -> Standing {
    let place = attempts.saturating_sub(1) as usize;
    match retries.get(place) {
        Some(wait) => Standing::Pending(now.plus(*wait).plus(chance.jitter(*wait / 10))),
        None => Standing::Parked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[derive(Debug)]
    struct Most;

    impl Chance for Most {
        fn sortable(&self) -> Uuid {
            Uuid::nil()
        }

        fn random(&self) -> Uuid {
            Uuid::nil()
        }

        fn jitter(&self, most: Duration) -> Duration {
            most
        }
    }

    #[test]
    fn follows_the_schedule_and_then_parks() {
        let retries = [Duration::from_secs(5), Duration::from_secs(300)];
        let after = |attempts| after_failure(attempts, &retries, Timestamp::from_millis(0), &Most);
        assert_eq!(after(1), Standing::Pending(Timestamp::from_millis(5_500)));
        assert_eq!(after(2), Standing::Pending(Timestamp::from_millis(330_000)));
        assert_eq!(after(3), Standing::Parked);
        assert_eq!(after_failure(1, &[], Timestamp::from_millis(0), &Most), Standing::Parked);
    }
}
