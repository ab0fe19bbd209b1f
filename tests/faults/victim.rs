//! Servers of a test's own, which it may kill and start again on what they kept.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a server may take to answer after its start, on a busy machine.
const START: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Mongodb,
    Postgres,
    Redis,
}

pub struct Victim {
    engine: Engine,
    /// `host:port`.
    pub address: String,
    folder: TempDir,
    child: Child,
}

impl Victim {
    /// Of PostgreSQL there is one for all tests (`SOUK_TEST_POSTGRES_VICTIM`): only one at a time may have it.
    pub async fn start(engine: Engine) -> Self {
        let address = match engine {
            Engine::Postgres => postgres_address(),
            Engine::Mongodb | Engine::Redis => {
                let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("a port");
                format!("127.0.0.1:{}", port.port())
            }
        };
        let folder = tempfile::tempdir().expect("a folder");
        let child = spawn(engine, &address, &folder);
        let mut victim = Self { engine, address, folder, child };
        victim.answers().await;
        victim
    }

    /// SIGKILL, and the end of what it was at.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("it ended");
    }

    pub async fn restart(&mut self) {
        self.child = spawn(self.engine, &self.address, &self.folder);
        self.answers().await;
    }

    /// Until it answers. One that ends is started again: a PostgreSQL does until the sessions of the killed one have
    /// noticed its end.
    async fn answers(&mut self) {
        let begin = Instant::now();
        while !self.is_up().await {
            assert!(begin.elapsed() < START, "{:?} does not answer on {}", self.engine, self.address);
            tokio::time::sleep(Duration::from_millis(50)).await;
            if self.child.try_wait().expect("its state").is_some() {
                self.child = spawn(self.engine, &self.address, &self.folder);
            }
        }
    }

    async fn is_up(&self) -> bool {
        let Ok(mut connection) = TcpStream::connect(&self.address).await else { return false };
        match self.engine {
            Engine::Mongodb => true,
            // Whether it would encrypt; it says so once it takes sessions.
            Engine::Postgres => {
                let asked = connection.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).await;
                let mut said = [0; 1];
                asked.is_ok() && connection.read_exact(&mut said).await.is_ok()
            }
            Engine::Redis => {
                let asked = connection.write_all(b"PING\r\n").await;
                let mut said = [0; 5];
                asked.is_ok() && connection.read_exact(&mut said).await.is_ok() && said == *b"+PONG"
            }
        }
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The superuser's URL of the PostgreSQL that may be killed.
pub fn postgres_url() -> String {
    variable("SOUK_TEST_POSTGRES_VICTIM_URL")
}

fn postgres_address() -> String {
    let url = postgres_url();
    url.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()).expect("a host").to_owned()
}

fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run these tests with `scripts/stores --test faults`"))
}

fn spawn(engine: Engine, address: &str, folder: &TempDir) -> Child {
    let mut command = match engine {
        Engine::Mongodb => {
            let mut command = Command::new(PathBuf::from(variable("SOUK_TEST_FERRETDB")));
            command.arg(address).arg(folder.path());
            command
        }
        Engine::Postgres => Command::new(PathBuf::from(variable("SOUK_TEST_POSTGRES_VICTIM"))),
        Engine::Redis => {
            let (host, port) = address.split_once(':').expect("a port");
            let mut command = Command::new("redis-server");
            command.args(["--bind", host, "--port", port, "--dir"]).arg(folder.path());
            command.args(["--appendonly", "yes", "--appendfsync", "always"]);
            command.args(["--maxmemory-policy", "noeviction", "--save", ""]);
            command
        }
    };
    let log = File::options().create(true).append(true).open(folder.path().join("log")).expect("a log");
    command.stdin(Stdio::null()).stdout(log).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{engine:?} does not start: {error}"))
}
