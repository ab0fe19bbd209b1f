//! The head of the output: what the figures were taken on.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::cores::Cores;
use super::process;
use super::provider::Place;

pub struct Head {
    cores: usize,
    cpu: String,
    kernel: String,
    commit: String,
    synchronous: String,
    limits: String,
    mails: String,
    provider: String,
    placement: String,
}

impl Head {
    /// Asks the machine, and the binary itself for the configuration that it will run with.
    ///
    /// # Errors
    /// When the binary does not tell its configuration.
    pub fn read(folder: &Path, cores: &Cores, provider: Place) -> anyhow::Result<Self> {
        let config = process::output(process::souk(folder, &["config"]))?;
        let config: toml::Table = config.parse().context("`souk config` is no TOML")?;
        let key = |section: &str, key: &str| {
            let value = config.get(section).and_then(|section| section.get(key));
            value.with_context(|| format!("`souk config` does not name {section}.{key}"))
        };
        Ok(Self {
            cores: cores_online(),
            cpu: cpu_model(),
            kernel: read_line("/proc/sys/kernel/osrelease"),
            commit: commit(),
            synchronous: key("sqlite", "synchronous")?.as_str().unwrap_or_default().to_owned(),
            limits: if key("limits", "enabled")?.as_bool() == Some(false) { "off" } else { "ON" }.to_owned(),
            mails: key("mail", "transport")?.as_str().unwrap_or_default().to_owned(),
            provider: provider.to_string(),
            placement: cores.to_string(),
        })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cores, cpu, kernel, commit, synchronous, limits, mails, provider, placement } = self;
        writeln!(f, "machine      {cores} cores, {cpu}, Linux {kernel}")?;
        writeln!(f, "placement    {placement}")?;
        writeln!(f, "commit       {commit}")?;
        writeln!(f, "stores       SQLite, synchronous = {synchronous}")?;
        writeln!(f, "rate limits  {limits}")?;
        writeln!(f, "mails        {mails}")?;
        writeln!(f, "provider     {provider}")?;
        if cfg!(debug_assertions) {
            writeln!(f, "profile      DEV: this shows that the tool works, not how fast the shop is")?;
        }
        Ok(())
    }
}

/// All of the machine's, not only those that this process may use.
fn cores_online() -> usize {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines().filter(|line| line.starts_with("processor")).count()
}

fn cpu_model() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| "unknown model".to_owned(), |(_, name)| name.trim().to_owned())
}

fn read_line(path: &str) -> String {
    std::fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn commit() -> String {
    let git = |args: &[&str]| {
        let output = Command::new("git").args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    match (git(&["rev-parse", "--short=12", "HEAD"]), git(&["status", "--porcelain"])) {
        (Some(commit), Some(changes)) if changes.is_empty() => commit,
        (Some(commit), _) => format!("{commit}, with changes that are not committed"),
        (None, _) => "unknown".to_owned(),
    }
}
