//! The catalogue on MongoDB, or on what speaks its protocol.

use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use souk_persistence::mongodb::{MongoOptions, MongoProductStore};
use tempfile::TempDir;

use super::load::{BROKEN, Load};
use super::toxiproxy::{Fault, Proxy};

/// The write with all its attempts and a look at who was first may take 5 s each; the rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(12);

/// A server of this test's own, which it may kill.
struct Server {
    address: String,
    folder: TempDir,
    child: Child,
}

impl Server {
    async fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port").port();
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("127.0.0.1:{port}");
        let child = spawn(&address, &folder);
        let server = Self { address, folder, child };
        server.listens().await;
        server
    }

    async fn listens(&self) {
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(&self.address).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server does not listen on {}", self.address);
    }

    fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ended");
    }

    async fn restart(&mut self) {
        self.child = spawn(&self.address, &self.folder);
        self.listens().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(address: &str, folder: &TempDir) -> Child {
    let program = std::env::var("SOUK_TEST_FERRETDB")
        .expect("SOUK_TEST_FERRETDB names no program: run these tests with `scripts/stores --test faults`");
    Command::new(PathBuf::from(program)).arg(address).arg(folder.path()).spawn().expect("FerretDB starts")
}

async fn open(address: &str) -> Arc<MongoProductStore> {
    let url = format!("mongodb://{address}/souk_test_faults");
    Arc::new(MongoProductStore::open(&MongoOptions::new(url)).await.expect("the store opens"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_fails() {
    for fault in Fault::ALL {
        let server = Server::start().await;
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
    let mut server = Server::start().await;
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
