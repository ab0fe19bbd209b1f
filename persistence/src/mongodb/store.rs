//! The open catalogue: the client, and the tasks that write.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use mongodb::bson::Document;
use mongodb::{Client, Collection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::commands::Commands;
use super::connect::{self, Connected};
use super::errors::OpenError;
use super::follow::{self, Follower, follower};
use super::options::{Access, MongoOptions};
use super::predecessor::KnownHeads;
use super::queue::{self, Job, Limits};
use super::{recovery, schema};
use crate::error::StoreError;

pub(super) const COMMITS: &str = "commits";
pub(super) const ARCHIVED: &str = "archived_commits";
pub(super) const ENTITIES: &str = "entities";
pub(super) const SNAPSHOTS: &str = "snapshots";
pub(super) const PRODUCTS: &str = "product_rows";
pub(super) const VARIANTS: &str = "variant_rows";
pub(super) const CHANGES: &str = "changes";
pub(super) const HANDLES: &str = "handles";
pub(super) const MOVED_HOLDS: &str = "moved_holds";

/// What the tasks and the ports have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub commands: Commands,
    pub heads: KnownHeads,
    pub follower: Follower,
    pub access: Access,
    /// The newest block of changes that was seen; a hint.
    pub newest_block: AtomicI64,
}

impl Shared {
    /// Read from the primary, and only what a majority has.
    pub(super) fn collection(&self, name: &str) -> Collection<Document> {
        self.commands.database.collection(name)
    }

    /// The `_id` of an answer for a hold that came from another engine.
    pub(super) fn moved_hold(product: &str, order: &str) -> String {
        format!("{product}/{order}")
    }

    /// The first in an order, or whichever is found where there is none.
    pub(super) async fn first(
        &self,
        collection: &str,
        filter: Document,
        order: Document,
    ) -> Result<Option<Document>, StoreError> {
        let collection = self.collection(collection);
        let question = collection.find_one(filter);
        let question = if order.is_empty() { question } else { question.sort(order) };
        self.commands.read(async { question.await }).await
    }
}

/// The catalogue on MongoDB.
#[derive(Debug)]
pub struct MongoProductStore {
    pub(super) shared: Arc<Shared>,
    pub(super) jobs: mpsc::Sender<Job>,
    client: Client,
    writer: Task,
    following: Task,
    _recovery: Task,
    /// How long a close waits for what is under way.
    patience: Duration,
}

/// Ends with the store.
#[derive(Debug)]
struct Task(JoinHandle<()>);

impl Task {
    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl MongoProductStore {
    /// Connects, brings the schema up to date, and catches up with commits whose writer ended before it had done what
    /// follows from them. Needs a running tokio runtime, which the tasks live on.
    ///
    /// # Errors
    /// What is wrong with the URL, the server, the rights or the schema, and what to do.
    pub async fn open(options: &MongoOptions) -> Result<Self, OpenError> {
        let Connected { client, commands } = connect::connect(options).await?;
        match options.access {
            Access::Writing => schema::prepare(&commands).await?,
            Access::Reading => schema::check(&commands).await?,
        }
        let (follower, following) = follower(options.queue.max(1));
        let heads = KnownHeads::default();
        let access = options.access;
        let shared = Arc::new(Shared { commands, heads, follower, access, newest_block: AtomicI64::new(0) });
        if access == Access::Writing {
            // Only what is there now: others may be writing all the time. What is left is found again later.
            match shared.recover().await {
                Ok(0) => {}
                Ok(commits) => {
                    tracing::info!(store = "mongodb", commits, "caught up with commits that nobody had followed")
                }
                Err(fault) => tracing::warn!(store = "mongodb", reason = fault.reason(), "could not catch up yet"),
            }
        }

        let (jobs, waiting) = mpsc::channel(options.queue.max(1));
        let limits = Limits {
            waiting: options.batch_commits.max(1) * options.writers.max(1),
            commits: options.batch_commits.max(1),
            bytes: options.batch_bytes,
            batches: options.writers.max(1),
        };
        let writing = Arc::clone(&shared);
        let write: queue::Write = Arc::new(move |batch| {
            let shared = Arc::clone(&writing);
            Box::pin(async move { shared.write(batch).await })
        });
        Ok(Self {
            writer: Task(tokio::spawn(queue::run(waiting, limits, write))),
            following: Task(tokio::spawn(follow::run(Arc::clone(&shared), following))),
            _recovery: Task(tokio::spawn(recovery::run(Arc::downgrade(&shared)))),
            patience: options.timeout * 2,
            shared,
            jobs,
            client,
        })
    }

    /// Writes what waits, and what follows from it. Later calls are told that the store is closed.
    pub async fn close(&self) {
        // An error: it is closed.
        let _ = self.jobs.send(Job::Close).await;
        self.jobs.closed().await;
        let ended = async {
            while !self.writer.is_finished() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(self.patience, ended).await.is_err() {
            tracing::warn!(store = "mongodb", "closed before all that waited was written");
        }
        if let Err(error) = self.caught_up().await {
            tracing::warn!(store = "mongodb", %error, "closed; the next start catches up");
        }
        self.following.0.abort();
        self.client.clone().shutdown().immediate(true).await;
    }

    /// Commits that wait for their turn.
    pub fn waiting_writes(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Waits until the read models have followed all that this process has written.
    pub(super) async fn caught_up(&self) -> Result<(), StoreError> {
        self.shared.follower.caught_up(self.shared.commands.timeout).await
    }
}
