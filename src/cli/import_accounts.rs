//! `souk import accounts FILE [--dry-run]`

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use souk_actors::accounts::Accounts;
use souk_actors::accounts::import::{DryRun, ImportedAccounts, Taken};
use souk_integrations::accounts_csv::{AccountRow, AccountsCsv};

use super::accounts_of;
use crate::config::Config;

pub async fn run(config: &Config, path: &Path, dry_run: bool) -> anyhow::Result<ExitCode> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let csv = AccountsCsv::new(file).with_context(|| path.display().to_string())?;
    let (accounts, closer) = accounts_of(config).await?;
    let outcome = import(&accounts, csv, path, dry_run).await;
    closer.close().await;
    let counts = outcome?;
    println!("{}{counts}", if dry_run { "dry run, nothing changed: " } else { "" });
    Ok(if counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import(
    accounts: &Accounts,
    csv: AccountsCsv<File>,
    path: &Path,
    dry_run: bool,
) -> anyhow::Result<ImportedAccounts> {
    let (mut counts, mut seen) = (ImportedAccounts::default(), BTreeSet::new());
    let mode = if dry_run { DryRun::Yes } else { DryRun::No };
    for row in csv {
        let AccountRow { line, email, name, hash } = match row {
            Ok(row) => row,
            Err(error) => {
                counts.refused += 1;
                eprintln!("{}: {error}", path.display());
                continue;
            }
        };
        let taken = accounts.import(&email, &name, &hash, mode).await;
        let taken = taken.map_err(|error| anyhow::anyhow!("line {line}: the store of accounts: {error:?}"))?;
        // In a dry run the store does not know what came before in the same file.
        let is_new = !dry_run || taken != Taken::Created || seen.insert(email.to_lowercase());
        match taken {
            Taken::Created if is_new => counts.created += 1,
            Taken::Created | Taken::Known => {
                counts.known += 1;
                eprintln!("{}: line {line}: its address has an account already", path.display());
            }
            Taken::Refused(column, reason) => {
                counts.refused += 1;
                eprintln!("{}: line {line}, {column}: {reason}", path.display());
            }
        }
    }
    Ok(counts)
}
