//! `souk serve`

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use clap::Args;
use souk_actors::accounts::first_admin::FirstAdmin;
use souk_http::config::EdgeConfig;
use souk_http::domains::{Domain, Domains};
use souk_http::router;
use souk_http::server::certificate::Certificate;
use souk_http::server::service::{Service, part};
use souk_http::server::{Server, Shared};
use souk_http::state::{App, Edge};

use super::stop::stop_requested;
use crate::config::Config;
use crate::stores::{House, Telling};

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Serve the URLs and topics of these domains only, and those of all: products,accounts,orders,payments,chat.
    #[arg(long, value_delimiter = ',')]
    domains: Vec<Domain>,
}

pub async fn run(config: Config, ServeArguments { domains }: ServeArguments) -> anyhow::Result<ExitCode> {
    // Bound before anything is opened: a port in use is found before a second server touches anything.
    let listening = Listening::open(&config)?;
    let address = listening.main.local_addr()?;
    let house = House::start(&config, Some(listening.inside()?), Telling::Everybody).await?;
    let keys = house.market.accounts.signing_keys().await?;
    let edge = Arc::new(
        Edge::new(EdgeConfig { domains: domains.into_iter().collect(), ..config.edge() }, &keys)
            .context("the keys that sign tokens")?,
    );
    let app = App::new(Arc::clone(&edge), Arc::clone(&house.market), house.payments.challenges.clone());

    let first_admin = first_admin(&config, &house, &edge.config.domains).await?;

    let base = format!("{}://{address}", if listening.certificate.is_some() { "https" } else { "http" });
    println!("listening on {base}");
    println!("  the shop's API  {base}/api/v1/products");
    println!("  how it is doing {base}/api/status");
    println!("  its description {base}/api/docs");
    for (service, server) in &listening.services {
        println!("  {:<15} {}", service.name(), server.local_addr()?);
    }
    if let Some(FirstAdmin { email, password }) = first_admin {
        // Standard output is for whoever starts it; the log, which is kept and shipped, has nothing of it.
        println!("  the first admin {email}, password {password} (printed this once)");
    }
    println!("stop with Ctrl-C; data in {}", config.data_dir.display());
    tracing::info!(%address, data_dir = %config.data_dir.display(), "serving");

    listening.serve(&router::router(app), edge).await;
    house.stop().await;
    tracing::info!("stopped, everything that was acknowledged is written");
    Ok(ExitCode::SUCCESS)
}

/// Somebody who may let others in, where this node serves accounts and nobody was there before.
async fn first_admin(config: &Config, house: &House, domains: &Domains) -> anyhow::Result<Option<FirstAdmin>> {
    let address = &config.accounts.first_admin;
    if address.is_empty() || !domains.serves(Domain::Accounts) {
        return Ok(None);
    }
    let made = house.market.accounts.first_admin(address).await;
    made.map_err(|error| anyhow::anyhow!("the first admin could not be made: {error:?}"))
}

/// Every port of the process. They share one bound of connections and one certificate.
struct Listening {
    main: Server,
    services: Vec<(Service, Server)>,
    /// With TLS on the others: where the sandbox, which knows no certificate of ours, brings its webhooks.
    inside: Option<Server>,
    certificate: Option<Arc<Certificate>>,
}

impl Listening {
    fn open(config: &Config) -> anyhow::Result<Self> {
        let named = |fault: String| anyhow::anyhow!("configuration: {fault}");
        let edge = config.edge();
        let certificate = Certificate::load(&edge.tls).map_err(named)?;
        let tls = certificate.as_ref().map(Certificate::acceptor).transpose().context("TLS")?;
        let shared = Shared::new(&edge, tls);
        let main = Server::bind(config.listen, Arc::clone(&shared))
            .with_context(|| format!("{} cannot be listened on (SOUK_LISTEN)", config.listen))?;
        let bind = |(service, address): (Service, SocketAddr)| {
            let key = service.name().to_uppercase();
            let server = Server::bind(address, Arc::clone(&shared));
            let server = server.with_context(|| format!("{address} cannot be listened on (SOUK_SERVICES__{key})"))?;
            anyhow::Ok((service, server))
        };
        let services = edge.services.addresses().map_err(named)?.into_iter().map(bind).collect::<Result<_, _>>()?;
        let plain = || Server::bind((Ipv4Addr::LOCALHOST, 0).into(), Shared::new(&edge, None));
        let inside = certificate.is_some().then(plain).transpose().context("a port of this machine alone")?;
        Ok(Self { main, services, inside, certificate })
    }

    /// Where this process reaches itself.
    fn inside(&self) -> std::io::Result<SocketAddr> {
        self.inside.as_ref().unwrap_or(&self.main).local_addr()
    }

    /// Until the process is asked to stop and all connections are done with.
    async fn serve(self, router: &Router, edge: Arc<Edge>) {
        let Self { main, services, inside, certificate } = self;
        let renewal = certificate.map(|certificate| tokio::spawn(certificate.follow()));
        let inside = inside.map(|server| (Service::Payments, server));
        let others = services.into_iter().chain(inside).map(|(service, server)| {
            let mut stopping = edge.stopping();
            server.run(part(service, router.clone()), async move {
                // An error means that nobody is there any more to say it.
                let _ = stopping.wait_for(|stopping| *stopping).await;
            })
        });
        futures::join!(main.run(router.clone(), told_to_stop(Arc::clone(&edge))), futures::future::join_all(others));
        if let Some(renewal) = renewal {
            renewal.abort();
        }
    }
}

/// Returns when the process is asked to stop, once the open sockets were told.
async fn told_to_stop(edge: Arc<Edge>) {
    stop_requested().await;
    edge.stop();
}
