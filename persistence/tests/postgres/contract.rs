//! Every case of the suite, each in a schema of its own.

use std::marker::PhantomData;

use async_trait::async_trait;
use proptest::prelude::*;
use souk_persistence::contract::Fixture;
use souk_persistence::contract::model::follows_the_model;
use souk_persistence::postgres::{
    Domain, PostgresAccountStore, PostgresOptions, PostgresOrderStore, PostgresPaymentStore, PostgresStore,
};

use crate::{histories, server};

pub struct Postgres<S> {
    options: PostgresOptions,
    store: PhantomData<fn() -> S>,
}

impl<S> Postgres<S> {
    pub fn new() -> Self {
        Self { options: server::options(), store: PhantomData }
    }
}

#[async_trait]
impl<D: Domain> Fixture for Postgres<PostgresStore<D>> {
    type Store = PostgresStore<D>;

    async fn open(&self) -> Self::Store {
        PostgresStore::open(&self.options).await.expect("the store opens")
    }

    async fn close(&self, store: Self::Store) {
        store.close().await;
    }
}

mod orders {
    use super::*;
    souk_persistence::journal_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::order_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::outbox_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::person_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::nodes_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::order_nodes_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::lease_contract!(Postgres::<PostgresOrderStore>::new());
    souk_persistence::claim_contract!(
        Postgres::<PostgresOrderStore>::new(),
        only_who_holds_the_lease_claims_a_delivery
    );
    souk_persistence::person_nodes_contract!(Postgres::<PostgresOrderStore>::new());
}

mod payments {
    use super::*;
    souk_persistence::journal_contract!(Postgres::<PostgresPaymentStore>::new());
    souk_persistence::payment_contract!(Postgres::<PostgresPaymentStore>::new());
}

mod accounts {
    use super::*;
    souk_persistence::account_contract!(Postgres::<PostgresAccountStore>::new());
}

fn cases() -> u32 {
    if std::env::var_os("SOUK_LONG").is_some() { 256 } else { 24 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn random_histories_follow_the_model(steps in prop::collection::vec(histories::step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let fixture = Postgres::<PostgresOrderStore>::new();
            let store = fixture.open().await;
            follows_the_model(&store, &steps).await;
            fixture.close(store).await;
        });
    }
}
