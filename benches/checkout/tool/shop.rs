//! The shop under load: the server, and the provider where that is a process of its own.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;

use super::cores::Cores;
use super::cpu::{Sample, Usage};
use super::process::{self, Process};
use super::provider::{Place, Provider};

pub struct Shop {
    pub address: SocketAddr,
    server: Process,
    /// None: it is inside the server.
    provider: Option<Process>,
}

/// How all that takes part stood at a moment.
pub struct Moment {
    client: Sample,
    server: Sample,
    provider: Option<Sample>,
}

/// What each took between two moments.
#[derive(Debug, Default, Clone)]
pub struct Taken {
    pub client: Usage,
    pub server: Usage,
    /// None: it is a part of the server.
    pub provider: Option<Usage>,
}

impl Shop {
    /// # Errors
    /// When it does not start.
    pub fn open(folder: &Path, cores: &Cores, place: Place) -> anyhow::Result<Self> {
        let provider = Provider::start(place, folder, cores)?;
        let mut command = process::souk(folder, &["serve"]);
        command.envs(provider.settings);
        let mut server = Process::start(cores.of_server(command)).context("souk serve")?;
        let address = server.word_after("listening on http://").context("souk serve")?;
        Ok(Self { address: address.parse()?, server, provider: provider.process })
    }

    /// # Errors
    /// When one of the processes is gone.
    pub fn now(&self) -> anyhow::Result<Moment> {
        let provider = self.provider.as_ref().map(|process| Sample::of(process.id())).transpose()?;
        Ok(Moment { client: Sample::of(std::process::id())?, server: Sample::of(self.server.id())?, provider })
    }

    /// # Errors
    /// When something does not end well.
    pub fn close(self) -> anyhow::Result<()> {
        self.server.stop().context("souk serve")?;
        self.provider.map_or(Ok(()), Process::stop).context("souk sandbox")
    }
}

impl Moment {
    pub fn since(&self, earlier: &Self) -> Taken {
        Taken {
            client: self.client.since(&earlier.client),
            server: self.server.since(&earlier.server),
            provider: self.provider.as_ref().zip(earlier.provider.as_ref()).map(|(now, then)| now.since(then)),
        }
    }
}
