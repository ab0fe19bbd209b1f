//! The bus over Redis pub/sub: one connection to publish on, one to listen on.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::listener::{Listener, listener};
use super::port::{Bus, Notice};
use super::publisher::{self, Outbox};
use super::subscriber::{self, Request};
use crate::redis::{Link, OpenError, RedisAccess};

/// How the nodes of one shop find each other.
#[derive(Debug, Clone)]
pub struct RedisBusOptions {
    pub access: RedisAccess,
    /// Begins the names of all channels: shops on one server do not hear each other.
    pub prefix: String,
    /// Calls of `publish` that may wait for the connection; more are dropped.
    pub queue: usize,
    /// How often a connection on which nothing is heard is asked whether it is still there.
    pub ping_every: Duration,
}

impl RedisBusOptions {
    pub fn new(access: RedisAccess) -> Self {
        Self { access, prefix: "souk".to_owned(), queue: 4096, ping_every: Duration::from_secs(1) }
    }
}

/// One node's end of the bus. Its two tasks end with it.
#[derive(Debug)]
pub struct RedisBus {
    outbox: Outbox,
    requests: mpsc::Sender<Request>,
}

impl RedisBus {
    /// Connects, and from then on connects again whenever it has to. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When the server cannot be reached now, with what to do.
    pub async fn open(options: &RedisBusOptions) -> Result<(Self, Listener), OpenError> {
        let node = Uuid::new_v4();
        // Nothing is kept there, so nothing is asked of the server.
        let link = Link::new(&options.access, Box::new(|_, _| Box::pin(async { Ok(()) })))?;
        link.open().await?;
        let names = Names { prefix: format!("{}:bus:", options.prefix) };
        let outbox = publisher::start(node, link, names.clone(), options.queue);
        let (speaker, listener) = listener();
        let requests = subscriber::start(node, options, names, speaker)?;
        Ok((Self { outbox, requests }, listener))
    }
}

#[async_trait]
impl Bus for RedisBus {
    fn publish(&self, notices: Vec<Notice>) {
        self.outbox.push(notices);
    }

    async fn join(&self, channels: Vec<Arc<str>>) {
        let (done, joined) = oneshot::channel();
        if self.requests.send(Request::Join(channels, done)).await.is_ok() {
            // An error: the bus is closed, and nothing is heard any more.
            let _ = joined.await;
        }
    }

    async fn leave(&self, channels: Vec<Arc<str>>) {
        // An error: the bus is closed.
        let _ = self.requests.send(Request::Leave(channels)).await;
    }

    async fn close(&self) {
        self.outbox.close().await;
        let (done, closed) = oneshot::channel();
        if self.requests.send(Request::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

/// Channels under their names on the server.
#[derive(Debug, Clone)]
pub(super) struct Names {
    prefix: String,
}

impl Names {
    pub fn full(&self, channel: &str) -> String {
        format!("{}{channel}", self.prefix)
    }

    pub fn short<'a>(&self, full: &'a str) -> Option<&'a str> {
        full.strip_prefix(&self.prefix)
    }

    /// Every node listens to this one, where others say that they have dropped something. No channel has an empty name.
    pub fn everybody(&self) -> String {
        self.full("")
    }
}
