//! `souk restore`: an empty data folder becomes what a backup holds, and is checked.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use souk_persistence::sqlite::DataFolder;
use souk_persistence::sqlite::backup::restore;

use super::{check, migrate};
use crate::config::Config;

#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// What `souk backup` has made.
    folder: PathBuf,
}

pub async fn run(config: &Config, arguments: RestoreArguments) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::open(&config.data_dir)?;
    let manifest = restore(&arguments.folder, &folder).await?;
    // The stores lock the folder themselves.
    drop(folder);
    // A backup of an older version gets this one's schema.
    migrate::run(config).await?;
    println!("{} holds the shop as it was at {}", config.data_dir.display(), manifest.taken_at);
    check::run(config).await
}
