//! What all handlers share.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRef;
use souk_actors::marketplace::Marketplace;
use souk_integrations::payments::ChallengeDesk;
use souk_persistence::stores::SigningKeyRecord;
use tokio::sync::watch;

use crate::config::EdgeConfig;
use crate::middleware::origin::Origins;
use crate::middleware::rate_limit::RateLimits;
use crate::realtime::node::Realtime;
use crate::storefront::front::Storefront;
use crate::token::{BadKey, Tokens};

/// What the edge itself is made of, without the shop behind it.
pub struct Edge {
    pub config: EdgeConfig,
    pub tokens: Tokens,
    /// None when limits are switched off.
    pub limits: Option<Arc<RateLimits>>,
    pub origins: Origins,
    stopping: watch::Sender<bool>,
}

/// Everything behind the routes. Cheap to clone, because every request does.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub edge: Arc<Edge>,
    pub market: Arc<Marketplace>,
    /// Where the sandbox is the provider: buyers meet its challenges here.
    pub challenges: Option<Arc<dyn ChallengeDesk>>,
    /// The open sockets.
    pub realtime: Realtime,
    /// The pages that buyers see.
    pub storefront: Storefront,
}

impl Edge {
    /// # Errors
    /// A signing key that cannot be used.
    pub fn new(config: EdgeConfig, keys: &[SigningKeyRecord]) -> Result<Self, BadKey> {
        let tokens = Tokens::new(&config.tokens, keys)?;
        let limits = RateLimits::new(&config.limits).map(Arc::new);
        let origins = Origins::new(&config.cors_origins, &config.public_url);
        Ok(Self { config, tokens, limits, origins, stopping: watch::Sender::new(false) })
    }

    /// Tells every open socket that the process is about to stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Becomes true once the process is about to stop.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

impl App {
    pub fn new(edge: Arc<Edge>, market: Arc<Marketplace>, challenges: Option<Arc<dyn ChallengeDesk>>) -> Self {
        edge.tokens.heed(Arc::clone(&market.accounts.guard));
        let realtime = Realtime::new(edge.config.realtime.clone(), edge.stopping());
        let storefront = Storefront::new(edge.config.storefront.clone(), edge.config.place.clone());
        Self(Arc::new(Parts { edge, market, challenges, realtime, storefront }))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRef<App> for Arc<Edge> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.edge)
    }
}

impl FromRef<App> for Arc<Marketplace> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.market)
    }
}
