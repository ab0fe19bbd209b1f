//! The payment provider of the configuration, and the sandbox that plays one.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_integrations::payments::sandbox::{
    self, Sandbox, SandboxClient, SandboxServer, Secrets, ServerOptions, WebhookTarget,
};
use souk_integrations::payments::stripe::Stripe;
use souk_integrations::payments::{ChallengeDesk, Intent, PaymentProvider};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::config::payments::ProviderName;

/// Who takes the payments of this shop.
pub struct Payments {
    pub provider: Arc<dyn PaymentProvider>,
    /// Where buyers meet the challenges that the sandbox plays.
    pub challenges: Option<Arc<dyn ChallengeDesk>>,
    inside: Option<SandboxProcess>,
}

/// A sandbox on its folder, with its server.
pub struct SandboxProcess {
    pub address: SocketAddr,
    sandbox: Arc<Sandbox>,
    server: SandboxServer,
    // Held for as long as it runs.
    _lock: File,
}

impl Payments {
    /// Opens the provider, and the sandbox where it runs inside. It is told by webhook at `edge`, where there is one.
    ///
    /// # Errors
    /// What can't be opened or reached by its form.
    pub async fn open(config: &Config, folder: &Path, edge: Option<SocketAddr>) -> anyhow::Result<Self> {
        let (timeout, tolerance) = (config.payments.timeout(), config.payments.webhook_tolerance());
        if config.payments.provider == ProviderName::Stripe {
            let stripe = Stripe::new(config.stripe.options(&config.payments)).context("the connection to Stripe")?;
            return Ok(Self { provider: Arc::new(stripe), challenges: None, inside: None });
        }
        let (inside, url, secrets) = match config.sandbox.secrets() {
            Some(secrets) if !config.sandbox.url.is_empty() => (None, config.sandbox.url.clone(), secrets),
            given => {
                let secrets = given.map_or_else(|| Secrets::of_folder(folder).context("the sandbox's keys"), Ok)?;
                let hook = edge.map(|edge| format!("http://{}/api/v1/payments/webhooks/sandbox", reachable(edge)));
                let inside = SandboxProcess::start(config, folder, &secrets, hook).await?;
                let url = format!("http://{}", reachable(inside.address));
                (Some(inside), url, secrets)
            }
        };
        let client = SandboxClient::new(&url, secrets, timeout, tolerance).context("the connection to the sandbox")?;
        let client = Arc::new(client);
        Ok(Self { provider: client.clone(), challenges: Some(client), inside })
    }

    pub async fn close(self) {
        if let Some(inside) = self.inside {
            inside.stop().await;
        }
    }
}

impl SandboxProcess {
    /// # Errors
    /// What can't be opened or listened on.
    pub async fn start(
        config: &Config,
        folder: &Path,
        secrets: &Secrets,
        webhook_url: Option<String>,
    ) -> anyhow::Result<Self> {
        let sandbox_config = &config.sandbox;
        let lock = sandbox::lock(folder)?;
        let (secret, faults) = (secrets.webhook_secret.clone(), sandbox_config.faults);
        let target = webhook_url.map(|url| WebhookTarget { url, secret, faults });
        let (late, clock) = (Duration::from_secs(sandbox_config.late_seconds), Arc::new(|| SystemClock.now()));
        let sandbox = Sandbox::open_with(folder, late, clock, target).await.context("the sandbox payment provider")?;
        let sandbox = Arc::new(sandbox);
        let listener = TcpListener::bind(sandbox_config.listen)
            .await
            .with_context(|| format!("{} cannot be listened on (sandbox.listen)", sandbox_config.listen))?;
        let slow = Duration::from_millis(sandbox_config.slow_ms);
        let options = ServerOptions { api_key: secrets.api_key.clone(), slow, faults };
        let server = SandboxServer::start(Arc::clone(&sandbox), listener, options)?;
        Ok(Self { address: server.address, sandbox, server, _lock: lock })
    }

    /// Answers the running calls, and closes the file.
    pub async fn stop(self) {
        self.server.stop().await;
        self.sandbox.close().await;
    }
}

/// The provider's books, to compare ours with: the sandbox's file where it is in the folder, or else asked for.
///
/// # Errors
/// When they can't be read.
pub async fn books(config: &Config, folder: &Path) -> anyhow::Result<Vec<Intent>> {
    let (timeout, tolerance) = (config.payments.timeout(), config.payments.webhook_tolerance());
    match (config.payments.provider, config.sandbox.secrets()) {
        (ProviderName::Stripe, _) => {
            let stripe = Stripe::new(config.stripe.options(&config.payments)).context("the connection to Stripe")?;
            stripe.books().await.context("Stripe's books")
        }
        (ProviderName::Sandbox, Some(secrets)) if !config.sandbox.url.is_empty() => {
            let client = SandboxClient::new(&config.sandbox.url, secrets, timeout, tolerance)?;
            client.books().await.context("the sandbox's books")
        }
        (ProviderName::Sandbox, _) => Ok(Sandbox::read_books(folder).await?),
    }
}

/// An address that stands for all of this machine's is called on its own.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], v4.port())),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, v6.port())),
        other => other,
    }
}
