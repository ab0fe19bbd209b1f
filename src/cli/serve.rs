//! `souk serve`

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use souk_http::router;
use souk_http::server::Server;
use souk_http::state::{App, Edge};

use super::stop::stop_requested;
use crate::config::Config;
use crate::stores::{House, Telling};

pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    // Bound before anything is opened: a port in use is found before a second server touches anything.
    let server = Server::bind(config.listen, config.server.clone())
        .with_context(|| format!("{} cannot be listened on (SOUK_LISTEN)", config.listen))?;
    let address = server.local_addr()?;
    let house = House::start(&config, Some(address), Telling::Everybody).await?;
    let keys = house.market.accounts.signing_keys().await?;
    let edge = Arc::new(Edge::new(config.edge(), &keys).context("the keys that sign tokens")?);
    let app = App::new(Arc::clone(&edge), Arc::clone(&house.market), house.payments.challenges.clone());

    println!("listening on http://{address}");
    println!("  the shop's API  http://{address}/api/v1/products");
    println!("  how it is doing http://{address}/api/status");
    println!("  its description http://{address}/api/openapi.json");
    println!("stop with Ctrl-C; data in {}", config.data_dir.display());
    tracing::info!(%address, data_dir = %config.data_dir.display(), "serving");

    server.run(router::router(app), told_to_stop(edge)).await;
    house.stop().await;
    tracing::info!("stopped, everything that was acknowledged is written");
    Ok(ExitCode::SUCCESS)
}

/// Returns when the process is asked to stop, once the open sockets were told.
async fn told_to_stop(edge: Arc<Edge>) {
    stop_requested().await;
    edge.stop();
}
