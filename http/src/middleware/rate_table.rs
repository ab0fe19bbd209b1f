//! The memory of a rate limiter, with a bound. A client that cannot be kept is one of those that used
//! the least of their allowance, so forgetting it forgives the least.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;

use super::client_key::ClientKey;

const SHARDS: usize = 64;

type Shard = Mutex<HashMap<ClientKey, Nanos, RandomState>>;

pub struct RateTable {
    /// Random, so that nobody can aim at one shard.
    hasher: RandomState,
    shards: Vec<Shard>,
    most_in_shard: usize,
}

impl RateTable {
    pub fn new(max_clients: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        Self { hasher: RandomState::new(), shards, most_in_shard: max_clients.div_ceil(SHARDS).max(1) }
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap().len()).sum()
    }
}

impl StateStore for RateTable {
    type Key = ClientKey;

    fn measure_and_replace<T, F, E>(&self, key: &ClientKey, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        #[expect(clippy::cast_possible_truncation, reason = "any bits choose a shard")]
        let shard = &self.shards[self.hasher.hash_one(key) as usize % SHARDS];
        let mut clients = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get_mut(key) {
            let (answer, next) = decide(Some(*known))?;
            *known = next;
            return Ok(answer);
        }
        let (answer, next) = decide(None)?;
        if clients.len() >= self.most_in_shard {
            forget_half(&mut clients);
        }
        clients.insert(*key, next);
        Ok(answer)
    }
}

/// The number of a client is when its allowance is whole again. Half of them go at once, so that a
/// flood of new clients does not pay this for each.
fn forget_half(clients: &mut HashMap<ClientKey, Nanos, RandomState>) {
    let mut whole_again: Vec<Nanos> = clients.values().copied().collect();
    let middle = whole_again.len() / 2;
    let (_, median, _) = whole_again.select_nth_unstable(middle);
    let median = *median;
    clients.retain(|_, nanos| *nanos > median);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_its_bound_and_keeps_who_used_the_most() {
        let table = RateTable::new(640);
        let use_until = |client: u32, nanos: u64| {
            table.measure_and_replace(&ClientKey::V4(client), |_| Ok::<_, ()>(((), Nanos::new(nanos)))).unwrap();
        };
        use_until(7, u64::MAX);
        for client in 1_000..200_000 {
            use_until(client, u64::from(client));
            assert!(client % 1_000 != 0 || table.len() <= 640);
        }
        let kept = table.measure_and_replace(&ClientKey::V4(7), Err::<((), Nanos), _>).unwrap_err();
        assert_eq!(kept, Some(Nanos::new(u64::MAX)));
    }
}
