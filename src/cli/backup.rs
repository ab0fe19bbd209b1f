//! `souk backup`: copies the embedded stores as they are at one moment, from a shop that may be open.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_persistence::sqlite::backup::back_up;
use souk_persistence::sqlite::{Accounts, Chat, DataFolder, Domain, Orders, Payments, Products};

use crate::config::Config;
use crate::config::stores::Engine;

#[derive(Debug, Args)]
pub struct BackupArguments {
    /// A folder that is not there yet, or is empty.
    folder: PathBuf,
}

/// Beside the stores: the sandbox provider's books and its keys.
const SANDBOX: (&str, &str) = ("sandbox.db", "sandbox.keys");

pub async fn run(config: &Config, arguments: BackupArguments) -> anyhow::Result<ExitCode> {
    let engines = config.engines()?;
    let stores = [
        ("products", engines.products, Products::FILE),
        ("accounts", engines.accounts, Accounts::FILE),
        ("orders", engines.orders, Orders::FILE),
        ("payments", engines.payments, Payments::FILE),
        ("chat", engines.chat, Chat::FILE),
    ];
    let mut databases = Vec::new();
    for (domain, engine, file) in &stores {
        match engine {
            Engine::Sqlite(None) => databases.push(*file),
            Engine::Sqlite(Some(folder)) => bail!(
                "stores.{domain} lies in a folder of its own ({}): one moment for all needs one folder, \
                 so leave the key empty, or copy that folder with the shop stopped",
                folder.display()
            ),
            #[allow(unreachable_patterns)]
            _ => eprintln!("{domain}: not embedded; back it up by its engine's own means, see docs/operations.md"),
        }
    }
    if databases.is_empty() {
        bail!("no store is embedded (stores): back them up by their engines' own means, see docs/operations.md");
    }
    databases.push(SANDBOX.0);
    let folder = DataFolder::open_read_only(&config.data_dir)?;
    let now = || SystemClock.now().to_string();
    let taken = back_up(folder.path(), &databases, &[SANDBOX.1], &arguments.folder, now).await?;
    for file in &taken.manifest.files {
        println!("{:>14} bytes  {}", file.bytes, file.name);
    }
    println!(
        "the shop as it was at {} is in {}; writers were held for {:.1} ms, the copy took {:.1} s",
        taken.manifest.taken_at,
        arguments.folder.display(),
        taken.held.as_secs_f64() * 1e3,
        taken.copied.as_secs_f64(),
    );
    Ok(ExitCode::SUCCESS)
}
