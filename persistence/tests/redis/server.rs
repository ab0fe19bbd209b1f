//! The server that the contracts run on, and servers of a test's own.

use std::fs::File;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use souk_persistence::redis::RedisAccess;
use tempfile::TempDir;

/// The address of the server that `scripts/stores` has started.
pub fn url() -> String {
    std::env::var("SOUK_TEST_REDIS_URL").expect("SOUK_TEST_REDIS_URL is not set: run scripts/stores --test redis")
}

/// `host:port` of a URL.
pub fn address(url: &str) -> &str {
    let rest = url.split_once("://").expect("a URL").1;
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split('/').next().expect("a host")
}

/// The same user and password at another address.
pub fn at(url: &str, address: &str) -> String {
    url.replacen(self::address(url), address, 1)
}

pub fn access(url: impl Into<String>) -> RedisAccess {
    RedisAccess::new(url)
}

/// Begins the names of whatever a test keeps: each has its own.
pub fn prefix() -> String {
    format!("test-{}", uuid::Uuid::new_v4().simple())
}

/// A server of a test's own, on a free port and a folder that goes with it.
pub struct Own {
    process: Option<Child>,
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
}

impl Own {
    /// One that can be trusted, but for these settings, such as `--appendfsync everysec`.
    pub async fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port();
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut server = Self { process: None, folder, port, settings };
        server.run().await;
        server
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it is killed");
            process.wait().expect("it has ended");
        }
    }

    /// Starts it again on what it has kept.
    pub async fn run(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).expect("a log");
        let trusted =
            ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", ""];
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--dir"])
            .arg(self.folder.path())
            .args(trusted)
            .args(&self.settings)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server is installed: scripts/setup stores");
        self.process = Some(process);
        for _ in 0..600 {
            if let Ok(mut connection) = self.client().get_multiplexed_async_connection().await {
                let answer: redis::RedisResult<String> = redis::cmd("PING").query_async(&mut connection).await;
                // One that wants a password, or is a replica without its master, is up as well.
                if answer.is_ok() || answer.is_err_and(|error| error.code() != Some("LOADING")) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "redis-server does not start: {}",
            std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
        );
    }

    /// Runs a command past the store.
    pub async fn command(&self, command: &[&str]) -> redis::Value {
        let mut connection = self.client().get_multiplexed_async_connection().await.expect("a connection");
        redis::cmd(command[0]).arg(&command[1..]).query_async(&mut connection).await.expect("the command is run")
    }

    /// Whether its log has this text.
    pub fn keeps(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path().join("appendonlydir")).expect("the folder of its log");
        files
            .map(|file| std::fs::read(file.expect("a file").path()).unwrap_or_default())
            .any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    }

    fn client(&self) -> redis::Client {
        redis::Client::open(self.url()).expect("a URL")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.kill();
    }
}
