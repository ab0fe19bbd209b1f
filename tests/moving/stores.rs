//! Configuration files for `souk copy`, and a store that is held up.

use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;

use super::support::engines::Engines;
use super::support::process::{Finished, Process, souk};
use super::support::shop::COMMAND;

/// Empty databases of a shop's own, with a configuration file that names them, and the node's data folder.
pub struct Far {
    engines: Engines,
    folder: TempDir,
}

impl Far {
    pub fn new() -> Self {
        let far = Self { engines: Engines::new(), folder: tempfile::tempdir().expect("a temporary folder") };
        let setting = |key: &str| -> &str {
            let name = format!("SOUK_{key}");
            let found = far.engines.settings().iter().find(|(known, _)| *known == name);
            &found.unwrap_or_else(|| panic!("{name} is not set")).1
        };
        // A URL may lie in a file.
        let secret = far.folder.path().join("orders.url");
        std::fs::write(&secret, setting("STORES__ORDERS")).expect("written");
        let toml = format!(
            "data_dir = {:?}\n[stores]\nproducts = {:?}\naccounts = {:?}\norders = \"file:{}\"\npayments = {:?}\n\
             chat = {:?}\n[redis]\nprefix = {:?}\n[postgres]\nreaders = 4\nwriters = 4\n[mongodb]\ntimeout_ms = 60000\n",
            far.data_dir(),
            setting("STORES__PRODUCTS"),
            setting("STORES__ACCOUNTS"),
            secret.display(),
            setting("STORES__PAYMENTS"),
            setting("STORES__CHAT"),
            setting("REDIS__PREFIX"),
        );
        std::fs::write(far.config(), toml).expect("written");
        far
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("far.toml")
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command on these stores.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = souk(&self.data_dir(), args);
        command.env("SOUK_CONFIG", self.config());
        command
    }

    pub async fn run(&self, args: &[&str]) -> Finished {
        Process::start(self.command(args)).finish(COMMAND * 2).await
    }

    /// Nobody writes the rows of orders until this is dropped. They can be read meanwhile.
    pub async fn hold_up_orders(&self) -> PgConnection {
        self.run(&["migrate"]).await.assert_succeeded();
        let url = std::fs::read_to_string(self.folder.path().join("orders.url")).expect("a URL");
        let connect: PgConnectOptions = url.parse().expect("a URL");
        let mut session = connect.connect().await.expect("the server answers");
        sqlx::raw_sql("begin; lock table souk_orders.order_rows in exclusive mode")
            .execute(&mut session)
            .await
            .expect("the table is locked");
        session
    }
}

pub async fn let_go(session: PgConnection) {
    session.close().await.expect("closed");
}

/// `souk copy`, under way.
pub fn copying(from: &Path, to: &Path) -> Process {
    let (from, to) = (from.to_str().expect("UTF-8"), to.to_str().expect("UTF-8"));
    // The environment's data folder is one that neither side means.
    Process::start(souk(Path::new("/nowhere"), &["copy", "--from", from, "--to", to]))
}

pub async fn copy(from: &Path, to: &Path) -> Finished {
    copying(from, to).finish(COMMAND * 4).await
}
