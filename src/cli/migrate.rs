//! `souk migrate`

use std::process::ExitCode;

use souk_persistence::sqlite::DataFolder;

use crate::config::Config;
use crate::open::Embedded;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    // Opening a store brings its schema up to date.
    let embedded = Embedded::open(DataFolder::open(&config.data_dir)?, &config.sqlite_options()).await?;
    embedded.close().await;
    println!("the stores in {} are up to date", config.data_dir.display());
    Ok(ExitCode::SUCCESS)
}
