//! `souk copy`: a shop from one set of stores to another, on whichever engines.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::check;
use crate::config::Config;
use crate::copying::{carry, carry_books};
use crate::stores::Sides;

#[derive(Debug, Args)]
pub struct CopyArguments {
    /// The shop as it is: a configuration file, or a data folder of embedded stores.
    #[arg(long, value_name = "STORES")]
    from: PathBuf,
    /// The stores that it goes to, which must be empty: a configuration file, or a data folder, which may be a new one.
    #[arg(long, value_name = "STORES")]
    to: PathBuf,
}

pub async fn run(CopyArguments { from, to }: &CopyArguments) -> anyhow::Result<ExitCode> {
    let from = side("--from", from)?;
    let to = side("--to", to)?;
    let sides = Sides::open(&from, &to).await?;
    let carried = match carry(&sides.moves).await {
        Ok(()) => carry_books(&from, &to).await,
        Err(error) => Err(error),
    };
    sides.close().await;
    carried?;
    println!("both sides hold the same; souk check of --to ({}):", to.engines()?);
    check::run(&to).await
}

/// The environment is left aside: it would speak of both sides at once.
fn side(argument: &str, path: &Path) -> anyhow::Result<Config> {
    if path.is_file() {
        return Config::load_file_alone(path).with_context(|| argument.to_owned());
    }
    if path.is_dir() || (argument == "--to" && path.extension().is_none_or(|extension| extension != "toml")) {
        return Config::of_folder(path).with_context(|| argument.to_owned());
    }
    bail!("{argument}: {} is neither a configuration file nor a data folder", path.display())
}
