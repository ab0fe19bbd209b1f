//! The command line: one file for each command.

mod backup;
mod check;
mod config;
mod copy;
mod erase;
mod import;
mod import_accounts;
mod keys;
mod migrate;
mod restore;
mod sandbox;
mod seed;
mod serve;
mod stop;
mod token;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Parser, Subcommand};
use souk_actors::accounts::Accounts;
use souk_actors::runtime::world::{SystemChance, SystemClock};

use crate::config::Config;
use crate::stores::{Access, Closer, OpenStores};
use crate::telemetry;

/// A live marketplace in one process.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Arguments {
    /// A configuration file; keys that it does not name keep their defaults.
    #[arg(long, env = "SOUK_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the shop until SIGTERM or Ctrl-C.
    Serve(serve::ServeArguments),
    /// Run the payment sandbox alone until SIGTERM or Ctrl-C.
    Sandbox,
    /// Bring a catalogue, or accounts of another shop, in from a file.
    Import(import::ImportArguments),
    /// Load the demo catalogue.
    Seed(seed::SeedArguments),
    /// Replay the journals and check the invariants; exit status 1 and a list when one is broken.
    Check,
    /// Copy the embedded stores, as they are at one moment, into a new folder. The shop may be open.
    Backup(backup::BackupArguments),
    /// Copy a shop from one set of stores to another, on whichever engines. Both must be closed. Goes on where it was
    /// when it is run again.
    Copy(copy::CopyArguments),
    /// Make an empty data folder what a backup holds, and check it.
    Restore(restore::RestoreArguments),
    /// Erase what is kept about a person: an account, a guest or a cart. The shop must be stopped.
    Erase(erase::EraseArguments),
    /// Bring the schema of the stores up to date and stop.
    Migrate,
    /// Make an account, also the first admin. The shop must be stopped.
    User(user::UserArguments),
    /// Change the key that signs access tokens. The shop must be stopped; a running one takes POST /api/v1/signing-keys.
    Keys(keys::KeysArguments),
    /// Print an access token for staff, for scripts and API calls that only they may make.
    Token(token::TokenArguments),
    /// Print the effective configuration.
    Config,
}

/// # Errors
/// What went wrong, in a sentence for whoever typed the command.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let config = Config::load(arguments.config.as_deref())?;
    telemetry::start(&config.log)?;
    let threads = tokio::runtime::Builder::new_multi_thread().thread_name("souk-runtime").enable_all().build();
    let runtime = threads.context("the async runtime")?;
    runtime.block_on(async move {
        match arguments.command {
            Command::Serve(arguments) => serve::run(config, arguments).await,
            Command::Sandbox => sandbox::run(&config).await,
            Command::Import(arguments) => import::run(&config, arguments).await,
            Command::Seed(arguments) => seed::run(&config, arguments).await,
            Command::Check => check::run(&config).await,
            Command::Backup(arguments) => backup::run(&config, arguments).await,
            Command::Copy(arguments) => copy::run(&arguments).await,
            Command::Restore(arguments) => restore::run(&config, arguments).await,
            Command::Erase(arguments) => erase::run(&config, arguments).await,
            Command::Migrate => migrate::run(&config).await,
            Command::User(arguments) => user::run(&config, arguments).await,
            Command::Keys(arguments) => keys::run(&config, arguments).await,
            Command::Token(arguments) => token::run(&config, arguments).await,
            Command::Config => config::run(&config),
        }
    })
}

/// The store of accounts to be written, without a marketplace around it.
async fn accounts_of(config: &Config) -> anyhow::Result<(Accounts, Closer)> {
    let (store, closer) = OpenStores::accounts(config, Access::Writing).await?;
    let settings = config.accounts.settings(&config.mail);
    Ok((Accounts::new(store, Arc::new(SystemClock), Arc::new(SystemChance), settings), closer))
}
