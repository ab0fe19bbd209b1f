//! `souk token`: an access token for staff. Whoever can read the data folder could read its keys anyway.

use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_actors::viewer::{Identity, Role};
use souk_http::token::Tokens;

use crate::config::Config;
use crate::stores::{Access, OpenStores};

const MOST_MINUTES: u32 = 24 * 60;

#[derive(Debug, Args)]
pub struct TokenArguments {
    /// Who it is for; the name stands beside what is done with it.
    #[arg(long)]
    name: String,
    /// How long it is valid, at most a day.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_MINUTES)))]
    minutes: u32,
}

pub async fn run(config: &Config, TokenArguments { name, minutes }: TokenArguments) -> anyhow::Result<ExitCode> {
    let fits = !name.trim().is_empty() && name.chars().count() <= 100 && !name.chars().any(char::is_control);
    ensure!(fits, "--name must have 1 to 100 characters");
    let (accounts, closer) = OpenStores::accounts(config, Access::Reading).await?;
    let keys = accounts.signing_keys().await;
    closer.close().await;
    let keys = keys?;
    ensure!(!keys.is_empty(), "there is no key to sign with yet: start the shop once with `souk serve`");
    let tokens = Tokens::new(&config.edge().tokens, &keys).context("the keys that sign tokens")?;
    let who = Identity { id: format!("staff:{name}"), name, role: Role::Staff };
    println!("{}", tokens.issue_for(&who, SystemClock.now(), i64::from(minutes) * 60));
    Ok(ExitCode::SUCCESS)
}
