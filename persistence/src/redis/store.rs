//! The store of a shop's rooms, with the ports that the other files here give it.

use std::sync::Arc;

use redis::{Pipeline, Value};
use tokio::sync::{mpsc, oneshot};

use super::archive::{Archiver, Trim};
use super::errors::{Fault, OpenError, answer};
use super::inspect::inspection;
use super::keys::Keys;
use super::link::Link;
use super::options::RedisOptions;
use super::scripts::{Scripts, Stored};
use super::writer::Writer;
use crate::sealing::Keyring;

/// Rooms whose history waits to be packed; more are taken up with their next snapshot.
const TRIMS: usize = 1024;

#[derive(Debug)]
pub struct RedisChatStore {
    pub(super) server: Arc<Server>,
    pub(super) writer: Writer,
    pub(super) keyring: Keyring,
    pub(super) archiver: Archiver,
    pub(super) trims: mpsc::Sender<Trim>,
}

/// A connection for everything but commits, and what is needed to use it.
#[derive(Debug)]
pub(super) struct Server {
    pub link: Link,
    pub keys: Keys,
    pub scripts: Arc<Scripts>,
    pub replicas: u32,
}

impl RedisChatStore {
    /// Connects, looks whether the server can be trusted with a domain, and from then on connects again whenever it has
    /// to. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When the server cannot be reached, does not keep what it acknowledges, or was written by a newer version.
    pub async fn open(options: &RedisOptions) -> Result<Self, OpenError> {
        if options.prefix.is_empty() || options.prefix.contains(['{', '}', '*', '?', '[', ']', '\\', ' ']) {
            let reason = format!("the prefix {:?} of the keys is empty, or has one of {{ }} * ? [ ]", options.prefix);
            return Err(OpenError::Url { reason });
        }
        let (keys, scripts) = (Keys::new(&options.prefix), Arc::new(Scripts::new()));
        let link = Link::new(&options.access, inspection(options, &keys, &scripts))?;
        link.open().await?;
        let writing = Link::new(&options.access, inspection(options, &keys, &scripts))?;
        let writer = Writer::start(writing, Arc::clone(&scripts), options);
        let server = Arc::new(Server { link, keys, scripts, replicas: options.replicas });
        let archiver = Archiver::new(Arc::clone(&server), options);
        let (trims, waiting) = mpsc::channel(TRIMS);
        tokio::spawn(archiver.clone().run(waiting));
        Ok(Self { server, writer, keyring: Keyring::shared(), archiver, trims })
    }

    /// Writes all that waits and lets the connections go. Later writes are told that the store is closed.
    pub async fn close(&self) {
        self.writer.close().await;
        let (done, closed) = oneshot::channel();
        if self.trims.send(Trim::Close(done)).await.is_ok() {
            // An error: the runtime is going down, and the task with it.
            let _ = closed.await;
        }
        self.server.link.close().await;
    }

    /// Writes that wait for their turn.
    pub fn waiting_writes(&self) -> usize {
        self.writer.waiting()
    }
}

impl Server {
    /// Runs a script, which the server may have forgotten.
    pub async fn run<K: AsRef<[u8]>, A: AsRef<[u8]>>(
        &self,
        script: &Stored,
        keys: &[K],
        arguments: &[A],
    ) -> Result<Value, Fault> {
        let mut calls = Pipeline::with_capacity(1);
        calls.add_command(script.call(keys, arguments));
        let value = self.send(&calls).await?.pop().unwrap_or(Value::Nil);
        answer(value)
    }

    /// Sends them together and returns the answer of each; where the server has forgotten its scripts, once more.
    pub async fn send(&self, commands: &Pipeline) -> Result<Vec<Value>, Fault> {
        let answers = self.link.send(commands).await?;
        let is_forgotten = |value: &Value| matches!(value, Value::ServerError(error) if error.code() == "NOSCRIPT");
        if !answers.iter().any(is_forgotten) {
            return Ok(answers);
        }
        // What is sent through here may be done twice.
        self.link.send(&self.scripts.loading()).await?;
        self.link.send(commands).await
    }
}
