//! Embedded stores.

use std::marker::PhantomData;

use async_trait::async_trait;
use souk_persistence::contract::Fixture;
use souk_persistence::sqlite::{DataFolder, Domain, SqliteOptions, SqliteStore};
use tempfile::TempDir;

/// A store of one domain in a folder of its own.
pub struct Sqlite<S> {
    folder: TempDir,
    store: PhantomData<fn() -> S>,
}

impl<S> Sqlite<S> {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), store: PhantomData }
    }
}

#[async_trait]
impl<D: Domain> Fixture for Sqlite<SqliteStore<D>> {
    type Store = SqliteStore<D>;

    async fn open(&self) -> Self::Store {
        let folder = DataFolder::open(self.folder.path()).expect("the data folder opens");
        SqliteStore::open(&folder, &SqliteOptions::default()).await.expect("the store opens")
    }

    async fn close(&self, store: Self::Store) {
        store.close().await;
    }
}
