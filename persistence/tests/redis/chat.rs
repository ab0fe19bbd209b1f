//! Rooms on Redis against the contracts of their ports.

use async_trait::async_trait;
use souk_persistence::contract::Fixture;
use souk_persistence::redis::{RedisChatStore, RedisOptions};

use crate::server::{access, prefix, url};

/// Rooms under a prefix of their own.
pub struct Redis {
    pub options: RedisOptions,
}

impl Redis {
    pub fn new() -> Self {
        Self { options: RedisOptions { prefix: prefix(), ..RedisOptions::new(access(url())) } }
    }
}

#[async_trait]
impl Fixture for Redis {
    type Store = RedisChatStore;

    async fn open(&self) -> Self::Store {
        RedisChatStore::open(&self.options).await.expect("the store opens")
    }

    async fn close(&self, store: Self::Store) {
        store.close().await;
    }
}

souk_persistence::journal_contract!(Redis::new());
souk_persistence::chat_contract!(Redis::new());
souk_persistence::person_contract!(Redis::new());
souk_persistence::person_nodes_contract!(Redis::new());
souk_persistence::lease_contract!(Redis::new());
