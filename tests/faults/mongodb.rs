//! The catalogue on MongoDB, or on what speaks its protocol.

use std::sync::Arc;
use std::time::Duration;

use souk_persistence::mongodb::{MongoOptions, MongoProductStore};

use super::load::{BROKEN, Load};
use super::toxiproxy::{Fault, Proxy};
use super::victim::{Engine, Victim};

/// The write with all its attempts and a look at who was first may take 5 s each; the rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(12);

async fn open(address: &str) -> Arc<MongoProductStore> {
    let url = format!("mongodb://{address}/souk_test_faults");
    Arc::new(MongoProductStore::open(&MongoOptions::new(url)).await.expect("the store opens"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_fails() {
    for fault in Fault::ALL {
        let server = Victim::start(Engine::Mongodb).await;
        let proxy = Proxy::before(&server.address).await;
        let store = open(&proxy.address).await;
        let load = Load::start(store.clone());
        load.calm().await;
        proxy.begin(fault).await;
        tokio::time::sleep(BROKEN).await;
        proxy.end(fault).await;
        load.calm().await;
        let stopped = load.stop().await;
        let direct = open(&server.address).await;
        stopped.check(&format!("mongodb, {fault:?}"), &*direct, DEADLINE).await;
        store.close().await;
        direct.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed() {
    let mut server = Victim::start(Engine::Mongodb).await;
    let store = open(&server.address).await;
    let load = Load::start(store.clone());
    for _ in 0..3 {
        load.calm().await;
        server.kill();
        tokio::time::sleep(Duration::from_secs(1)).await;
        server.restart().await;
    }
    load.calm().await;
    let stopped = load.stop().await;
    let direct = open(&server.address).await;
    stopped.check("mongodb, kill -9 three times", &*direct, DEADLINE).await;
    store.close().await;
    direct.close().await;
}
