//! Orders on PostgreSQL. How it is killed is in the tests of the adapter.

use std::sync::Arc;
use std::time::Duration;

use souk_persistence::postgres::{PostgresOptions, PostgresOrderStore};
use uuid::Uuid;

use super::load::{BROKEN, Load};
use super::toxiproxy::{Fault, Proxy};

/// For a statement, and until the silence after it is noticed.
const DEADLINE: Duration = Duration::from_secs(10);

async fn open(url: &str, schema: &str) -> Arc<PostgresOrderStore> {
    let options = PostgresOptions {
        schema: schema.to_owned(),
        connect_timeout: Duration::from_secs(2),
        statement_timeout: Duration::from_secs(3),
        ..PostgresOptions::new("stores.orders", url)
    };
    Arc::new(PostgresOrderStore::open(&options).await.expect("the store opens"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_fails() {
    let url = std::env::var("SOUK_TEST_POSTGRES_URL")
        .expect("SOUK_TEST_POSTGRES_URL names no server: run these tests with `scripts/stores --test faults`");
    let server = url.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).expect("a host").to_owned();
    for fault in Fault::ALL {
        let schema = format!("f{}", &Uuid::new_v4().simple().to_string()[..16]);
        let proxy = Proxy::before(&server).await;
        let store = open(&url.replace(&server, &proxy.address), &schema).await;
        let load = Load::start(store.clone());
        load.calm().await;
        proxy.begin(fault).await;
        tokio::time::sleep(BROKEN).await;
        proxy.end(fault).await;
        load.calm().await;
        let stopped = load.stop().await;
        let direct = open(&url, &schema).await;
        stopped.check(&format!("postgres, {fault:?}"), &*direct, DEADLINE).await;
        store.close().await;
        direct.close().await;
    }
}
