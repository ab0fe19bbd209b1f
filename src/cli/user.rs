//! `souk user create`: an account by whoever has the machine, such as the first admin.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use souk_actors::accounts::AccountError;
use souk_actors::accounts::register::Newcomer;
use souk_actors::accounts::secrets;
use souk_actors::runtime::world::SystemChance;
use souk_domain::account::role::{Permission, Role};

use super::accounts_of;
use crate::config::Config;

#[derive(Debug, Args)]
pub struct UserArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make an account. Its password is read from standard input, if that is a file or a pipe; otherwise one is made
    /// and printed, this once.
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// customer, seller, staff or admin
        #[arg(long, default_value = "admin")]
        role: Role,
        /// What staff may do; can be given many times. Admins may everything.
        #[arg(long = "permission")]
        permissions: Vec<Permission>,
    },
}

pub async fn run(config: &Config, UserArguments { what }: UserArguments) -> anyhow::Result<ExitCode> {
    let What::Create { email, name, role, permissions } = what;
    ensure!(role != Role::Guest, "a guest has no account");
    ensure!((1..=100).contains(&name.trim().chars().count()), "--name must have 1 to 100 characters");
    let (password, is_made) = password()?;
    let (accounts, closer) = accounts_of(config).await?;
    let newcomer = Newcomer { email, password: password.clone(), name: name.trim().to_owned() };
    let permissions = permissions.into_iter().collect();
    let made = accounts.create(newcomer, role, permissions, "command line").await;
    closer.close().await;
    let account = match made {
        Ok(account) => account,
        Err(AccountError::EmailInvalid) => bail!("--email is no email address"),
        Err(AccountError::EmailTaken) => bail!("an account has this address already"),
        Err(AccountError::Password(fault)) => bail!("the password is not taken: {fault:?}"),
        Err(error) => bail!("the account could not be made: {error:?}"),
    };
    println!("{} {} is there", role.as_str(), account.id);
    if is_made {
        println!("password: {password}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The password, and whether it was made here.
fn password() -> anyhow::Result<(String, bool)> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok((secrets::text(secrets::secret(&SystemChance)), true));
    }
    let mut line = String::new();
    input.lock().read_line(&mut line).context("standard input")?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Ok((secrets::text(secrets::secret(&SystemChance)), true)),
        given => Ok((given.to_owned(), false)),
    }
}
