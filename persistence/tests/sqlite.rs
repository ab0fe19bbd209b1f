//! The embedded adapter against the contract of the ports.

use std::marker::PhantomData;

use async_trait::async_trait;
use proptest::prelude::*;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::model::follows_the_model;
use souk_persistence::sqlite::{
    DataFolder, Domain, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore, SqliteStore,
};
use tempfile::TempDir;

#[path = "support/histories.rs"]
mod histories;

/// A store of one domain in a folder of its own.
struct Sqlite<S> {
    folder: TempDir,
    store: PhantomData<fn() -> S>,
}

impl<S> Sqlite<S> {
    fn new() -> Self {
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

mod products {
    use super::*;
    souk_persistence::journal_contract!(Sqlite::<SqliteProductStore>::new());
    souk_persistence::product_contract!(Sqlite::<SqliteProductStore>::new());
}

mod orders {
    use super::*;
    souk_persistence::journal_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::order_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::outbox_contract!(Sqlite::<SqliteOrderStore>::new());
    souk_persistence::person_contract!(Sqlite::<SqliteOrderStore>::new());
}

mod payments {
    use super::*;
    souk_persistence::payment_contract!(Sqlite::<SqlitePaymentStore>::new());
}

mod chat {
    use super::*;
    souk_persistence::chat_contract!(Sqlite::<SqliteChatStore>::new());
    souk_persistence::person_contract!(Sqlite::<SqliteChatStore>::new());
}

mod accounts {
    use super::*;
    souk_persistence::account_contract!(Sqlite::<SqliteAccountStore>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_follow_the_model(steps in prop::collection::vec(histories::step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let fixture = Sqlite::<SqliteProductStore>::new();
            let store = fixture.open().await;
            follows_the_model(&store, &steps).await;
            fixture.close(store).await;
        });
    }
}
