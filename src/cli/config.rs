//! `souk config`

use std::process::ExitCode;

use crate::config::Config;

pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    print!("{}", config.show()?);
    Ok(ExitCode::SUCCESS)
}
