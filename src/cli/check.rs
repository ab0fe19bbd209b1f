//! `souk check`: replays every journal and checks the invariants, on a folder that may be in use.

use std::process::ExitCode;

use souk_actors::check::check;
use souk_integrations::payments::sandbox::Sandbox;
use souk_persistence::sqlite::DataFolder;

use crate::config::Config;
use crate::open::Embedded;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::open_read_only(&config.data_dir)?;
    let path = folder.path().to_owned();
    let embedded = Embedded::open(folder, &config.sqlite_options()).await?;
    let books = Sandbox::read_books(&path).await?;
    let report = check(&embedded.stores(), &books).await?;
    embedded.close().await;
    for violation in &report.violations {
        println!("{violation}");
    }
    println!("{report}");
    Ok(if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
