//! A database for each test.

use std::time::Duration;

use async_trait::async_trait;
use mongodb::bson::Document;
use mongodb::{Client, Collection};
use souk_persistence::contract::Fixture;
use souk_persistence::mongodb::{MongoOptions, MongoProductStore};
use uuid::Uuid;

/// The server's URL, with a database of this name.
pub fn url(database: &str) -> String {
    let server = std::env::var("SOUK_TEST_MONGODB_URL")
        .expect("SOUK_TEST_MONGODB_URL names no server: run these tests with `scripts/stores --test mongodb`");
    let (server, parameters) = server.split_once('?').unwrap_or((&server, ""));
    format!("{}/{database}?{parameters}", server.trim_end_matches('/'))
}

pub struct Mongo {
    pub database: String,
}

impl Mongo {
    pub fn new() -> Self {
        Self { database: format!("souk_test_{}", Uuid::new_v4().simple()) }
    }

    pub fn options(&self) -> MongoOptions {
        // Many tests share one small server.
        MongoOptions { timeout: Duration::from_secs(20), ..MongoOptions::new(url(&self.database)) }
    }

    /// Past the store.
    pub async fn collection(&self, name: &str) -> Collection<Document> {
        let client = Client::with_uri_str(url(&self.database)).await.expect("a client");
        client.database(&self.database).collection(name)
    }
}

#[async_trait]
impl Fixture for Mongo {
    type Store = MongoProductStore;

    async fn open(&self) -> Self::Store {
        MongoProductStore::open(&self.options()).await.expect("the store opens")
    }

    async fn close(&self, store: Self::Store) {
        store.close().await;
    }
}
