//! A data folder, and the server that runs on it from time to time.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::catalogue::Csv;
use super::client::Client;
use super::engines::Engines;
use super::live::Live;
use super::process::{Finished, Process, souk};
use super::server::Server;

/// How long a command may take.
pub const COMMAND: Duration = Duration::from_secs(60);

pub struct Shop {
    // Fields are dropped in this order: the process before its folder.
    server: Option<Server>,
    settings: Vec<(String, String)>,
    /// None: embedded stores in the folder.
    engines: Option<Engines>,
    folder: TempDir,
}

impl Shop {
    /// A shop without goods, closed.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary data folder");
        Self { server: None, settings: Vec::new(), engines: Engines::wanted(), folder }
    }

    /// A shop without goods on these engines, closed.
    pub fn on(engines: Engines) -> Self {
        Self { engines: Some(engines), ..Self::new() }
    }

    /// A key of the config for the next opening, such as `CHECKOUT__HOLD_SECONDS`.
    pub fn set(mut self, key: &str, value: impl ToString) -> Self {
        self.settings.push((format!("SOUK_{key}"), value.to_string()));
        self
    }

    pub fn set_all(mut self, settings: Vec<(String, String)>) -> Self {
        self.settings.extend(settings);
        self
    }

    /// Takes in a catalogue without a fault, and opens.
    pub async fn opened_with(mut self, goods: &Csv) -> Self {
        self.import(goods).await.assert_succeeded();
        self.open().await;
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn open(&mut self) {
        assert!(self.server.is_none(), "the shop is open already");
        self.server = Some(Server::start_command(self.command(&["serve"])).await);
    }

    pub async fn close(&mut self) {
        self.server.take().expect("an open shop").stop().await;
    }

    pub fn kill(&mut self) {
        self.server.take().expect("an open shop").kill();
    }

    pub fn server(&mut self) -> &mut Server {
        self.server.as_mut().expect("an open shop")
    }

    pub fn client(&self) -> Client {
        Client::new(&self.server.as_ref().expect("an open shop").base)
    }

    pub async fn live(&self) -> Live {
        Live::connect(&self.server.as_ref().expect("an open shop").base).await
    }

    /// Runs a command on the folder.
    pub async fn run(&self, args: &[&str]) -> Finished {
        Process::start(self.command(args)).finish(COMMAND).await
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = souk(self.folder.path(), args);
        let engines = self.engines.iter().flat_map(Engines::settings);
        command.envs(engines.chain(&self.settings).map(|(name, value)| (name, value)));
        command
    }

    pub async fn import_file(&self, file: &Path) -> Finished {
        let file = file.to_str().expect("a path in UTF-8");
        self.run(&["import", "products", file, "--format", "shopify-csv"]).await
    }

    pub async fn import(&self, goods: &Csv) -> Finished {
        self.import_bytes(&goods.bytes()).await
    }

    pub async fn import_bytes(&self, bytes: &[u8]) -> Finished {
        let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
        std::fs::write(file.path(), bytes).expect("the CSV is written");
        self.import_file(file.path()).await
    }

    /// Stops the server if it runs, and replays the journals against the invariants.
    pub async fn close_and_check(&mut self) {
        if self.server.is_some() {
            self.close().await;
        }
        self.check().await;
    }

    /// On a folder that no process uses.
    pub async fn check(&self) {
        assert!(self.server.is_none(), "stop the server first");
        let finished = Process::start(self.command(&["check"])).finish(COMMAND * 2).await;
        assert!(finished.succeeded(), "an invariant is broken: {finished}");
    }
}
