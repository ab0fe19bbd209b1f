//! The task that sends the batches: one for each connection at a time, and never two with the same entity.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Error, PgConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinSet};

use super::database::within;
use super::errors::described;
use super::fate::{Fate, fate};
use super::pool::Pool;
use super::statement::{BatchStatement, heads};
use super::waiting::{Append, Limits, Waiting};
use crate::error::AppendError;
use crate::journal::EntityId;
use crate::sql::encoding::EncodedCommit;

/// The way to the writer task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    sender: mpsc::Sender<Job>,
}

#[derive(Debug)]
enum Job {
    Append(Box<Append>),
    /// Write what waits and stop. Answered when that is done.
    Close(oneshot::Sender<()>),
}

/// How batches are written.
pub(super) struct Batches {
    /// For the log: `stores.orders`.
    pub name: String,
    pub pool: Pool,
    pub statement: BatchStatement,
    /// How long a batch may take before its connection is given up.
    pub patience: Duration,
}

struct Task {
    batches: Arc<Batches>,
    /// Batches that may be in flight at once.
    most: usize,
    waiting: Waiting,
    in_flight: JoinSet<()>,
    /// Whose commits each of them has.
    entities: HashMap<Id, Vec<EntityId>>,
}

impl Writer {
    /// Starts the task on the current runtime, with so many batches in flight at once at most.
    pub(super) fn start(batches: Batches, queue: usize, most: usize, limits: Limits) -> Self {
        let (sender, receiver) = mpsc::channel(queue.max(1));
        let task = Task {
            batches: Arc::new(batches),
            most: most.max(1),
            waiting: Waiting::new(limits),
            in_flight: JoinSet::new(),
            entities: HashMap::new(),
        };
        tokio::spawn(task.run(receiver));
        Self { sender }
    }

    pub(super) async fn append(&self, commit: EncodedCommit) -> Result<(), AppendError> {
        let (answer, outcome) = oneshot::channel();
        let sent = self.sender.send(Job::Append(Box::new(Append { commit, answer }))).await;
        sent.map_err(|_| AppendError::NotDone("the store is closed".to_owned()))?;
        let unanswered = || Err(AppendError::Unknown("the writer stopped before it answered".to_owned()));
        outcome.await.unwrap_or_else(|_| unanswered())
    }

    /// Returns when everything that was sent before is written.
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
    async fn run(mut self, mut receiver: mpsc::Receiver<Job>) {
        let mut closing = Vec::new();
        let mut open = true;
        while open || !self.waiting.is_empty() || !self.in_flight.is_empty() {
            tokio::select! {
                biased;
                Some(finished) = self.in_flight.join_next_with_id() => self.finished(finished),
                job = receiver.recv(), if open && self.waiting.has_room() => match job {
                    Some(job) => self.accept(job, &mut receiver, &mut closing),
                    None => open = false,
                },
            }
            // Whoever was answered a moment ago may send the next commit into this batch.
            tokio::task::yield_now().await;
            while self.waiting.has_room() {
                let Ok(job) = receiver.try_recv() else { break };
                self.accept(job, &mut receiver, &mut closing);
            }
            self.start_batches();
        }
        for done in closing {
            // An error: nobody waits any more.
            let _ = done.send(());
        }
    }

    fn accept(&mut self, job: Job, receiver: &mut mpsc::Receiver<Job>, closing: &mut Vec<oneshot::Sender<()>>) {
        match job {
            Job::Append(append) => self.waiting.push(*append),
            Job::Close(done) => {
                // What was sent before still comes; later senders are told.
                receiver.close();
                closing.push(done);
            }
        }
    }

    fn start_batches(&mut self) {
        while self.in_flight.len() < self.most {
            let batch = self.waiting.take();
            if batch.is_empty() {
                return;
            }
            let entities = batch.iter().map(|append| append.commit.entity.clone()).collect();
            let batch = self.in_flight.spawn(Arc::clone(&self.batches).write(batch));
            self.entities.insert(batch.id(), entities);
        }
    }

    fn finished(&mut self, finished: Result<(Id, ()), tokio::task::JoinError>) {
        let id = match finished {
            Ok((id, ())) => id,
            // Whoever waits for it is told "unknown": the answers are dropped with it.
            Err(error) => {
                tracing::error!(store = self.batches.name, %error, "writing a batch panicked");
                error.id()
            }
        };
        if let Some(entities) = self.entities.remove(&id) {
            self.waiting.finished(&entities);
        }
    }
}

type Refused = HashMap<EntityId, AppendError>;

/// What became of a batch that is not written, or perhaps is.
struct Fault {
    fate: Fate,
    reason: String,
}

impl Batches {
    async fn write(self: Arc<Self>, batch: Vec<Append>) {
        let mut outcome = self.attempt(&batch).await;
        if outcome.as_ref().is_err_and(|fault| fault.fate == Fate::Again) {
            outcome = self.attempt(&batch).await;
        }
        match outcome {
            Ok(refused) => answer(batch, &refused),
            Err(Fault { fate: Fate::Refused, reason }) if batch.len() > 1 => {
                let writes = batch.len();
                tracing::warn!(store = self.name, reason, writes, "a batch was refused, writing one by one");
                for append in batch {
                    let single = vec![append];
                    match self.attempt(&single).await {
                        Ok(refused) => answer(single, &refused),
                        Err(fault) => self.answer_fault(single, &fault),
                    }
                }
            }
            Err(fault) => self.answer_fault(batch, &fault),
        }
    }

    /// Returns what those are told whose commits name another predecessor.
    async fn attempt(&self, batch: &[Append]) -> Result<Refused, Fault> {
        let commits: Vec<&EncodedCommit> = batch.iter().map(|append| &append.commit).collect();
        let columns = self.statement.columns(&commits).map_err(|reason| Fault { fate: Fate::Refused, reason })?;
        // Nothing has been sent before there is a connection.
        let not_done = |error: Error| Fault { fate: Fate::NotDone, reason: described(&error) };
        let mut loan = self.pool.acquire().await.map_err(not_done)?;
        let connection = &mut loan.connection;
        let written = async {
            let moved = self.statement.run(connection, &columns).await?;
            let refused = commits.iter().map(|commit| &commit.entity).filter(|entity| !moved.contains(entity.as_str()));
            Ok(conflicts(connection, refused.cloned().collect()).await)
        };
        let outcome = within(self.patience, written).await;
        loan.give_back(outcome).map_err(|error| Fault { fate: fate(&error), reason: described(&error) })
    }

    fn answer_fault(&self, batch: Vec<Append>, Fault { fate, reason }: &Fault) {
        let writes = batch.len();
        let error = if *fate == Fate::Unknown {
            tracing::error!(store = self.name, reason, writes, "the outcome of a write is unknown");
            AppendError::Unknown(reason.clone())
        } else {
            tracing::warn!(store = self.name, reason, writes, "could not write");
            AppendError::NotDone(reason.clone())
        };
        for append in batch {
            // An error: nobody waits any more.
            let _ = append.answer.send(Err(error.clone()));
        }
    }
}

async fn conflicts(connection: &mut PgConnection, refused: Vec<EntityId>) -> Refused {
    if refused.is_empty() {
        return Refused::new();
    }
    let heads = heads(connection, refused.iter().map(EntityId::as_str).collect()).await;
    let told = |entity: &EntityId| match &heads {
        // An unknown entity stands at 0.
        Ok(heads) => AppendError::Conflict { head: heads.get(entity.as_str()).copied().unwrap_or(0) },
        Err(error) => AppendError::NotDone(format!("refused, but the head cannot be read: {}", described(error))),
    };
    refused.iter().map(|entity| (entity.clone(), told(entity))).collect()
}

fn answer(batch: Vec<Append>, refused: &Refused) {
    for Append { commit, answer } in batch {
        let outcome = refused.get(&commit.entity).map_or(Ok(()), |error| Err(error.clone()));
        // An error: nobody waits any more.
        let _ = answer.send(outcome);
    }
}
