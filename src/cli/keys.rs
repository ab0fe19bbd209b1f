//! `souk keys rotate`: a new key signs access tokens from now on.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use souk_actors::accounts::signing_keys::KEYS_OUTLIVE_TOKENS;

use super::accounts_of;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct KeysArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A new key signs; the others verify until the last token of theirs has ended.
    Rotate {
        /// The others verify nothing any more: everybody gets a new token, and those of `souk token` are of no use.
        #[arg(long)]
        withdraw: bool,
    },
}

pub async fn run(config: &Config, KeysArguments { what }: KeysArguments) -> anyhow::Result<ExitCode> {
    let What::Rotate { withdraw } = what;
    let (accounts, closer) = accounts_of(config).await?;
    let verify_for = if withdraw { Duration::ZERO } else { KEYS_OUTLIVE_TOKENS };
    let rotated = accounts.rotate_keys(verify_for, "command line").await;
    closer.close().await;
    let kid = rotated.map_err(|error| anyhow::anyhow!("the key could not be changed: {error:?}"))?;
    println!("{kid} signs from now on");
    Ok(ExitCode::SUCCESS)
}
