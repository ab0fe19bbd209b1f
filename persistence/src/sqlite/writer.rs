//! The task that owns the only writing connection of a file. It never dies: a fault is answered, and
//! where the connection may be at fault a new one is opened.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Error, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::errors::{describe, is_broken_rule, is_environmental, is_full_disk};
use super::folder::DataFolder;
use super::queue::{Append, Batch, Job, Limits, PlainWrite, Queue};
use super::transaction::{self, Failure, Refused};
use crate::error::{AppendError, StoreError};
use crate::sql::encoding::EncodedCommit;

/// The way to the writer task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    sender: mpsc::Sender<Job>,
}

/// What became of a batch that is not in the file, or perhaps is.
enum Fault {
    NotDone { reason: String, environmental: bool },
    Unknown(String),
}

struct Task {
    name: String,
    options: SqliteConnectOptions,
    /// Keeps the folder locked until the last write is done, also when the store is dropped without a close.
    _folder: DataFolder,
    /// None: the last one was of no more use.
    connection: Option<SqliteConnection>,
}

impl Writer {
    /// Starts the task on the current runtime.
    pub(super) fn start(
        name: String,
        folder: DataFolder,
        options: SqliteConnectOptions,
        connection: SqliteConnection,
        queue: usize,
        limits: Limits,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(queue);
        let task = Task { name, options, _folder: folder, connection: Some(connection) };
        tokio::spawn(task.run(Queue::new(receiver, limits)));
        Self { sender }
    }

    pub(super) async fn append(&self, commit: EncodedCommit) -> Result<(), AppendError> {
        let (answer, outcome) = oneshot::channel();
        let sent = self.sender.send(Job::Append(Box::new(Append { commit, answer }))).await;
        sent.map_err(|_| AppendError::NotDone("the store is closed".to_owned()))?;
        let unanswered = || Err(AppendError::Unknown("the writer stopped before it answered".to_owned()));
        outcome.await.unwrap_or_else(|_| unanswered())
    }

    pub(super) async fn send(&self, write: Box<dyn PlainWrite>) -> Result<(), StoreError> {
        let sent = self.sender.send(Job::Plain(write)).await;
        sent.map_err(|_| StoreError::Unavailable("the store is closed".to_owned()))
    }

    /// Returns when everything that was sent before is written, the connection is closed and the
    /// folder's lock is given back.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.sender.send(Job::Close(done)).await.is_ok() {
            // An error: the runtime is going down, and the task with it.
            let _ = closed.await;
        }
    }

    /// Writes that wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }
}

impl Task {
    async fn run(mut self, mut queue: Queue) {
        while let Some(batch) = queue.next_batch().await {
            // Whoever waits for a batch that panicked is told "unknown": the answers are dropped with it.
            if AssertUnwindSafe(self.write(batch)).catch_unwind().await.is_err() {
                tracing::error!(store = self.name, "writing a batch panicked");
                self.connection = None;
            }
        }
        self.close().await;
        let closing = queue.closing();
        drop(self);
        for done in closing {
            // An error: nobody waits any more.
            let _ = done.send(());
        }
    }

    async fn write(&mut self, mut batch: Batch) {
        match self.attempt(&mut batch).await {
            Ok(refused) => answer(batch, &refused),
            Err(Fault::NotDone { environmental: false, reason }) if batch.len() > 1 => {
                tracing::warn!(store = self.name, reason, writes = batch.len(), "a batch failed, writing one by one");
                for mut single in singles(batch) {
                    match self.attempt(&mut single).await {
                        Ok(refused) => answer(single, &refused),
                        Err(fault) => self.answer_fault(single, &fault),
                    }
                }
            }
            Err(fault) => self.answer_fault(batch, &fault),
        }
    }

    async fn attempt(&mut self, batch: &mut Batch) -> Result<Refused, Fault> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let connected = self.options.connect().await;
                connected.map_err(|error| Fault::NotDone { reason: describe(&error), environmental: true })?
            }
        };
        let only_appends = batch.plain.is_empty();
        let mut outcome = if only_appends {
            transaction::write_at_once(&mut connection, &batch.appends).await.map(|()| Refused::new())
        } else {
            transaction::write(&mut connection, batch).await
        };
        // Refused commits are rare: only now is it worth to find them, and to leave them out.
        if only_appends
            && let Err(Failure::Before(error)) = &outcome
            && is_broken_rule(error)
            && execute(&mut connection, "rollback").await.is_ok()
        {
            outcome = transaction::write(&mut connection, batch).await;
        }
        match outcome {
            Ok(refused) => {
                self.connection = Some(connection);
                Ok(refused)
            }
            Err(Failure::Before(error)) => Err(self.fault_before_commit(connection, &error).await),
            Err(Failure::AtCommit(error)) => Err(self.fault_of_commit(connection, &error).await),
        }
    }

    /// Nothing was committed, so nothing is written. A connection that cannot roll back is dropped, and its
    /// transaction with it; where the disk is full SQLite did so itself.
    async fn fault_before_commit(&mut self, mut connection: SqliteConnection, error: &Error) -> Fault {
        let usable = execute(&mut connection, "rollback").await.is_ok() || is_full_disk(error);
        self.connection = usable.then_some(connection);
        Fault::NotDone { reason: describe(error), environmental: is_environmental(error) }
    }

    /// A failed `commit` is certainly not done when the transaction can still be rolled back, or the disk
    /// was full. After other errors its last frame may be in the log and count after a crash.
    async fn fault_of_commit(&mut self, mut connection: SqliteConnection, error: &Error) -> Fault {
        let reason = describe(error);
        let rolled_back = execute(&mut connection, "rollback").await.is_ok();
        if rolled_back || is_full_disk(error) {
            self.connection = Some(connection);
            Fault::NotDone { reason, environmental: true }
        } else {
            Fault::Unknown(reason)
        }
    }

    fn answer_fault(&self, batch: Batch, fault: &Fault) {
        let writes = batch.len();
        let (append, plain) = match fault {
            Fault::NotDone { reason, .. } => {
                tracing::warn!(store = self.name, reason, writes, "could not write");
                (AppendError::NotDone(reason.clone()), reason.clone())
            }
            Fault::Unknown(reason) => {
                tracing::error!(store = self.name, reason, writes, "the outcome of a write is unknown");
                (AppendError::Unknown(reason.clone()), format!("outcome unknown: {reason}"))
            }
        };
        // Errors of `send`: nobody waits any more.
        for waiting in batch.appends {
            let _ = waiting.answer.send(Err(append.clone()));
        }
        for write in batch.plain {
            write.answer(Err(StoreError::Unavailable(plain.clone())));
        }
    }

    async fn close(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        // Not needed for safety: the log is read again at the next start. It keeps the folder tidy.
        if let Err(error) = execute(&mut connection, "pragma wal_checkpoint(truncate)").await {
            tracing::warn!(store = self.name, %error, "could not copy the log into the file");
        }
        if let Err(error) = connection.close().await {
            tracing::warn!(store = self.name, %error, "could not close the file");
        }
    }
}

async fn execute(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), Error> {
    sqlx::query(statement).execute(connection).await.map(|_| ())
}

fn answer(batch: Batch, refused: &Refused) {
    // Errors of `send`: nobody waits any more.
    for (place, append) in batch.appends.into_iter().enumerate() {
        let outcome = refused.get(&place).map_or(Ok(()), |head| Err(AppendError::Conflict { head: *head }));
        let _ = append.answer.send(outcome);
    }
    for write in batch.plain {
        write.answer(Ok(()));
    }
}

fn singles(batch: Batch) -> impl Iterator<Item = Batch> {
    let appends = batch.appends.into_iter().map(|append| Batch { appends: vec![append], plain: Vec::new() });
    let plain = batch.plain.into_iter().map(|write| Batch { appends: Vec::new(), plain: vec![write] });
    appends.chain(plain)
}
