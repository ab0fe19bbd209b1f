//! The payment provider that the shop asks, and where it runs.

use std::fmt;
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;

use super::cores::Cores;
use super::process::{self, Process};

/// Shared by the provider and the shop of one run.
const KEYS: [(&str, &str); 2] =
    [("SOUK_SANDBOX__API_KEY", "load-api-key"), ("SOUK_SANDBOX__WEBHOOK_SECRET", "load-webhook-secret")];

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Place {
    /// Part of the server's process: the thread of its file is counted apart, the rest is the server's.
    Inside,
    /// `souk sandbox`, a process of its own on the server's core.
    Beside,
}

pub struct Provider {
    /// None: it is inside.
    pub process: Option<Process>,
    /// What the server has to be told of it.
    pub settings: Vec<(String, String)>,
}

impl Provider {
    /// Starts it where it is a process of its own.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(place: Place, folder: &Path, cores: &Cores) -> anyhow::Result<Self> {
        match place {
            Place::Inside => Ok(Self { process: None, settings: Vec::new() }),
            Place::Beside => {
                let mut command = process::souk(folder, &["sandbox"]);
                command.env("SOUK_SANDBOX__LISTEN", "127.0.0.1:0").envs(KEYS);
                let mut process = Process::start(cores.of_server(command)).context("souk sandbox")?;
                let address = process.word_after("listens on ").context("souk sandbox")?;
                let keys = KEYS.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
                let url = ("SOUK_SANDBOX__URL".to_owned(), address);
                Ok(Self { process: Some(process), settings: keys.chain([url]).collect() })
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inside => "the sandbox, inside the server's process",
            Self::Beside => "the sandbox, a process of its own beside the server",
        })
    }
}
