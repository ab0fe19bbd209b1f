//! The binary as a server.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::client::Client;
use super::process::{Process, souk};
use super::wait::{SOON, eventually};

/// How long a stop by SIGTERM may take.
const STOP: Duration = Duration::from_secs(15);

pub struct Server {
    process: Process,
    pub base: String,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub async fn start(data_folder: &Path, settings: &[(String, String)]) -> Self {
        let mut command = souk(data_folder, &["serve"]);
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        Self::start_command(command).await
    }

    pub async fn start_command(command: Command) -> Self {
        let mut process = Process::start(command);
        let base = eventually("the server says where it listens", SOON, async || {
            if let Some(status) = process.status() {
                panic!("the server ended at its start ({status})");
            }
            address(&process.stdout()).ok_or_else(|| process.stdout())
        })
        .await;
        let client = Client::new(&base);
        eventually("the server is ready", SOON, async || {
            let answer = client.get("/health/ready").await;
            if answer.is(200) { Ok(()) } else { Err(answer.to_string()) }
        })
        .await;
        Self { process, base }
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    pub fn stdout(&self) -> String {
        self.process.stdout()
    }

    pub fn stderr(&self) -> String {
        self.process.stderr()
    }

    /// kill -9.
    pub fn kill(self) {
        self.process.kill();
    }

    /// SIGTERM, and the end that follows: status 0, and nothing that crashed on the way.
    pub async fn stop(self) {
        self.process.ask_to_stop();
        let finished = self.process.finish(STOP).await;
        finished.assert_succeeded();
        assert!(!finished.text().contains("panicked at"), "something crashed: {finished}");
    }

    #[track_caller]
    pub fn assert_runs(&mut self) {
        let status = self.process.status();
        assert!(status.is_none(), "the server ended: {status:?}");
    }
}

/// The line `listening on http://127.0.0.1:PORT`, once it is complete.
fn address(stdout: &str) -> Option<String> {
    let (_, rest) = stdout.split_once("listening on http://")?;
    let (address, _) = rest.split_once(|c: char| c.is_whitespace())?;
    Some(format!("http://{address}"))
}
