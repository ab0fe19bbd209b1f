//! How many connections there may be, in all and from one address.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::EdgeConfig;
use crate::middleware::client_address::Network;
use crate::middleware::client_key::ClientKey;

const SHARDS: usize = 16;

/// All listeners of the process share them.
pub struct Places {
    most: u32,
    all: Arc<Semaphore>,
    by_address: Option<Arc<ByAddress>>,
    /// Behind a proxy all connections are the proxy's.
    unlimited: Vec<Network>,
}

/// A place that is taken, until it is dropped.
pub struct Place {
    _of_all: OwnedSemaphorePermit,
    of_address: Option<(Arc<ByAddress>, ClientKey)>,
}

/// Only addresses with a connection are in it, so it is bounded by the connections in all.
struct ByAddress {
    most: u32,
    hasher: RandomState,
    shards: [Mutex<HashMap<ClientKey, u32>>; SHARDS],
}

impl Places {
    pub fn new(config: &EdgeConfig) -> Self {
        let most = config.server.max_connections.min(u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX));
        let limits = &config.limits;
        let by_address = limits.enabled.then(|| Arc::new(ByAddress::new(limits.max_connections)));
        let unlimited = config.trusted_proxies.iter().filter_map(|network| network.parse().ok()).collect();
        Self { most, all: Arc::new(Semaphore::new(most as usize)), by_address, unlimited }
    }

    /// None when all are taken, or all that one address may have.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        let of_all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let address = address.to_canonical();
        let is_unlimited = self.unlimited.iter().any(|network| network.contains(address));
        let of_address = match &self.by_address {
            Some(by_address) if !is_unlimited => {
                let key = ClientKey::from(Some(address));
                by_address.take(key).then(|| Some((Arc::clone(by_address), key)))?
            }
            _ => None,
        };
        Some(Place { _of_all: of_all, of_address })
    }

    pub fn open(&self) -> usize {
        self.most as usize - self.all.available_permits()
    }

    /// Returns when no connection is open any more.
    pub async fn empty(&self) {
        // Nobody closes the semaphore.
        let _ = self.all.acquire_many(self.most).await;
    }
}

impl ByAddress {
    fn new(most: u32) -> Self {
        Self { most, hasher: RandomState::new(), shards: Default::default() }
    }

    fn shard(&self, key: &ClientKey) -> &Mutex<HashMap<ClientKey, u32>> {
        #[expect(clippy::cast_possible_truncation, reason = "any bits choose a shard")]
        let hash = self.hasher.hash_one(key) as usize;
        &self.shards[hash % SHARDS]
    }

    fn take(&self, key: ClientKey) -> bool {
        let mut open = self.shard(&key).lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&key).copied().unwrap_or(0);
        if count >= self.most {
            return false;
        }
        open.insert(key, count + 1);
        true
    }

    fn give_back(&self, key: &ClientKey) {
        let mut open = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(key)),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((by_address, key)) = &self.of_address {
            by_address.give_back(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(in_all: u32, by_address: u32) -> Places {
        let mut config = EdgeConfig { trusted_proxies: vec!["10.0.0.1".to_owned()], ..EdgeConfig::default() };
        config.server.max_connections = in_all;
        config.limits.max_connections = by_address;
        Places::new(&config)
    }

    fn take(places: &Places, address: &str) -> Option<Place> {
        places.take(address.parse().unwrap())
    }

    #[test]
    fn one_address_has_its_share_and_gets_it_back() {
        let places = places(100, 2);
        let kept = [take(&places, "192.0.2.1"), take(&places, "192.0.2.1")];
        assert!(kept.iter().all(Option::is_some) && take(&places, "192.0.2.1").is_none());
        assert!(take(&places, "192.0.2.2").is_some());
        drop(kept);
        assert!(take(&places, "192.0.2.1").is_some());
        assert!(places.open() == 0);
        let left: usize = places.by_address.unwrap().shards.iter().map(|shard| shard.lock().unwrap().len()).sum();
        assert_eq!(left, 0, "an address without a connection leaves nothing behind");
    }

    #[test]
    fn one_ipv6_customer_is_one_address_and_a_proxy_is_none() {
        let places = places(100, 1);
        let _kept = take(&places, "2001:db8:1:2::1").unwrap();
        assert!(take(&places, "2001:db8:1:2:ffff::9").is_none() && take(&places, "2001:db8:1:3::1").is_some());
        let proxied: Vec<_> = (0..50).map(|_| take(&places, "10.0.0.1")).collect();
        assert!(proxied.iter().all(Option::is_some));
    }

    #[test]
    fn in_all_there_are_no_more_than_were_set() {
        let places = places(2, 10);
        let _kept = [take(&places, "192.0.2.1"), take(&places, "192.0.2.2")];
        assert!(take(&places, "192.0.2.3").is_none());
    }
}
