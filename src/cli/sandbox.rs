//! `souk sandbox`: the payment sandbox alone, for shops elsewhere.

use std::process::ExitCode;

use anyhow::Context;
use souk_integrations::payments::sandbox::Secrets;

use super::stop::stop_requested;
use crate::config::Config;
use crate::payments::SandboxProcess;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let (folder, given) = (&config.data_dir, config.sandbox.secrets());
    let secrets = given.map_or_else(|| Secrets::of_folder(folder).context("the sandbox's keys"), Ok)?;
    let webhook_url = Some(config.sandbox.webhook_url.clone()).filter(|url| !url.is_empty());
    let process = SandboxProcess::start(config, folder, &secrets, webhook_url).await?;
    println!("the payment sandbox listens on http://{}", process.address);
    println!("stop with Ctrl-C; data in {}", folder.display());
    stop_requested().await;
    process.stop().await;
    Ok(ExitCode::SUCCESS)
}
