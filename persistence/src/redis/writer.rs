//! The task that sends commits: what has gathered while the last batch was on its way goes out together, in one write
//! to the server and one sync of its disk.

use std::sync::Arc;
use std::time::Duration;

use redis::{Pipeline, Value};
use souk_domain::aggregate::Seq;
use tokio::sync::{mpsc, oneshot};

use super::encoding::EncodedCommit;
use super::errors::{Fault, answer};
use super::link::Link;
use super::options::RedisOptions;
use super::scripts::Scripts;
use crate::error::AppendError;

/// The way to the task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    sender: mpsc::Sender<Job>,
}

/// A commit and whoever waits for its outcome.
struct Append {
    commit: EncodedCommit,
    answer: oneshot::Sender<Result<(), AppendError>>,
}

enum Job {
    Append(Append),
    Close(oneshot::Sender<()>),
}

struct Task {
    link: Link,
    scripts: Arc<Scripts>,
    batch_commits: usize,
    batch_bytes: usize,
    /// Replicas that must have it on their disks, and how long they are waited for.
    replicas: u32,
    patience: Duration,
}

/// What waits to be sent.
struct Queue {
    receiver: mpsc::Receiver<Job>,
    /// Did not fit into the last batch.
    next: Option<Append>,
    closing: Option<oneshot::Sender<()>>,
}

impl Writer {
    /// Starts the task on the current runtime.
    pub fn start(link: Link, scripts: Arc<Scripts>, options: &RedisOptions) -> Self {
        let (sender, receiver) = mpsc::channel(options.queue.max(1));
        let task = Task {
            link,
            scripts,
            batch_commits: options.batch_commits.max(1),
            batch_bytes: options.batch_bytes,
            replicas: options.replicas,
            patience: options.access.answer_timeout / 2,
        };
        tokio::spawn(task.run(Queue { receiver, next: None, closing: None }));
        Self { sender }
    }

    pub async fn append(&self, commit: EncodedCommit) -> Result<(), AppendError> {
        let (answer, outcome) = oneshot::channel();
        let sent = self.sender.send(Job::Append(Append { commit, answer })).await;
        sent.map_err(|_| AppendError::NotDone("the store is closed".to_owned()))?;
        let unanswered = || Err(AppendError::Unknown("the writer stopped before it answered".to_owned()));
        outcome.await.unwrap_or_else(|_| unanswered())
    }

    /// Returns when everything that was sent before is written.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.sender.send(Job::Close(done)).await.is_ok() {
            // An error: the runtime is going down, and the task with it.
            let _ = closed.await;
        }
    }

    /// Writes that wait for their turn.
    pub fn waiting(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }
}

impl Queue {
    /// Waits for something to send; none when nothing will ever come again.
    async fn next_batch(&mut self, commits: usize, bytes: usize) -> Option<Vec<Append>> {
        let first = loop {
            if let Some(append) = self.next.take() {
                break append;
            }
            match self.receiver.recv().await? {
                Job::Append(append) => break append,
                Job::Close(done) => self.close(done),
            }
        };
        // Whoever was answered a moment ago may send the next one into this batch.
        tokio::task::yield_now().await;
        let mut sum = first.commit.bytes;
        let mut batch = vec![first];
        while batch.len() < commits {
            match self.receiver.try_recv() {
                Ok(Job::Append(append)) if sum + append.commit.bytes > bytes => {
                    self.next = Some(append);
                    break;
                }
                Ok(Job::Append(append)) => {
                    sum += append.commit.bytes;
                    batch.push(append);
                }
                Ok(Job::Close(done)) => self.close(done),
                Err(_) => break,
            }
        }
        Some(batch)
    }

    /// What was sent before still comes out of the channel; later senders are told.
    fn close(&mut self, done: oneshot::Sender<()>) {
        self.receiver.close();
        self.closing = Some(done);
    }
}

impl Task {
    async fn run(self, mut queue: Queue) {
        while let Some(batch) = queue.next_batch(self.batch_commits, self.batch_bytes).await {
            let (commits, waiting): (Vec<EncodedCommit>, Vec<_>) =
                batch.into_iter().map(|Append { commit, answer }| (commit, answer)).unzip();
            let outcomes = self.write(&commits).await;
            for (waiting, outcome) in waiting.into_iter().zip(outcomes) {
                // An error: nobody waits any more.
                let _ = waiting.send(outcome);
            }
        }
        self.link.close().await;
        if let Some(done) = queue.closing {
            let _ = done.send(());
        }
    }

    /// Writes them in order and returns the outcome of each.
    async fn write(&self, commits: &[EncodedCommit]) -> Vec<Result<(), AppendError>> {
        let mut outcomes = self.attempt(commits.iter()).await;
        let forgotten: Vec<usize> = (0..commits.len()).filter(|place| outcomes[*place].is_none()).collect();
        if !forgotten.is_empty() {
            // Somebody made the server forget its scripts. It ran none of these, so they can be sent again.
            let loaded = self.link.send(&self.scripts.loading()).await;
            let again = match loaded {
                Ok(_) => self.attempt(forgotten.iter().map(|place| &commits[*place])).await,
                Err(fault) => forgotten.iter().map(|_| Some(Err(fault.clone().into()))).collect(),
            };
            for (place, outcome) in forgotten.into_iter().zip(again) {
                outcomes[place] = outcome;
            }
        }
        let unknown_script = || Err(AppendError::NotDone("Redis does not keep its scripts".to_owned()));
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(unknown_script)).collect()
    }

    /// None: the server does not know the script.
    async fn attempt(
        &self,
        commits: impl ExactSizeIterator<Item = &EncodedCommit>,
    ) -> Vec<Option<Result<(), AppendError>>> {
        let count = commits.len();
        let mut commands = Pipeline::with_capacity(count + 1);
        for EncodedCommit { keys, arguments, bytes: _ } in commits {
            commands.add_command(self.scripts.append.call(keys, arguments));
        }
        if self.replicas > 0 {
            commands.cmd("WAITAOF").arg(0).arg(self.replicas).arg(self.patience.as_millis() as u64);
        }
        let mut answers = match self.link.send(&commands).await {
            Ok(answers) => answers,
            Err(fault) => {
                match &fault {
                    Fault::NotDone(reason) => tracing::warn!(reason, writes = count, "could not write"),
                    Fault::Unknown(reason) => {
                        tracing::error!(reason, writes = count, "the outcome of a write is unknown");
                    }
                }
                return (0..count).map(|_| Some(Err(fault.clone().into()))).collect();
            }
        };
        let copies = if self.replicas > 0 { self.copies(answers.pop()) } else { Ok(()) };
        let outcome = |value| match outcome(value) {
            Some(Ok(())) => Some(copies.clone()),
            other => other,
        };
        answers.into_iter().map(outcome).collect()
    }

    /// Whether enough replicas have on their disks what was just written here.
    fn copies(&self, answered: Option<Value>) -> Result<(), AppendError> {
        let wanted = self.replicas;
        let counts = match answered.map(answer) {
            Some(Ok(Value::Array(counts))) => counts,
            Some(Err(fault)) => return Err(AppendError::Unknown(format!("replicas: {}", fault.reason()))),
            _ => return Err(AppendError::Unknown("Redis did not say how many replicas have it".to_owned())),
        };
        match counts.get(1) {
            Some(Value::Int(copies)) if *copies >= i64::from(wanted) => Ok(()),
            Some(Value::Int(copies)) => {
                let reason = format!("written, but {copies} of {wanted} replicas have it on their disks");
                tracing::error!(copies, wanted, "too few replicas have what was written");
                Err(AppendError::Unknown(reason))
            }
            _ => Err(AppendError::Unknown("Redis did not say how many replicas have it".to_owned())),
        }
    }
}

/// What the script says about a commit. None: the server does not know the script.
fn outcome(value: Value) -> Option<Result<(), AppendError>> {
    match value {
        Value::Int(1) => Some(Ok(())),
        Value::BulkString(head) => {
            let head = std::str::from_utf8(&head).ok().and_then(|head| head.parse::<Seq>().ok());
            Some(Err(match head {
                Some(head) => AppendError::Conflict { head },
                None => AppendError::NotDone("the head of the journal is no number".to_owned()),
            }))
        }
        Value::ServerError(error) if error.code() == "NOSCRIPT" => None,
        value => Some(match answer(value) {
            Err(fault) => Err(fault.into()),
            Ok(value) => Err(AppendError::Unknown(format!("Redis answers {value:?} to a commit"))),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(bytes: usize) -> Job {
        let commit = EncodedCommit { keys: Vec::new(), arguments: Vec::new(), bytes };
        Job::Append(Append { commit, answer: oneshot::channel().0 })
    }

    async fn batches(jobs: Vec<Job>, commits: usize, bytes: usize) -> Vec<usize> {
        let (sender, receiver) = mpsc::channel(100);
        for job in jobs {
            assert!(sender.try_send(job).is_ok());
        }
        drop(sender);
        let mut queue = Queue { receiver, next: None, closing: None };
        let mut lengths = Vec::new();
        while let Some(batch) = queue.next_batch(commits, bytes).await {
            lengths.push(batch.len());
        }
        lengths
    }

    #[tokio::test]
    async fn a_batch_ends_at_its_limits_and_a_large_commit_goes_alone() {
        assert_eq!(batches((0..5).map(|_| append(1)).collect(), 2, 100).await, [2, 2, 1]);
        assert_eq!(batches((0..5).map(|_| append(40)).collect(), 10, 100).await, [2, 2, 1]);
        assert_eq!(batches(vec![append(1), append(500), append(1)], 10, 100).await, [1, 1, 1]);
    }

    #[tokio::test]
    async fn closing_sends_what_waits() {
        let jobs = vec![append(1), Job::Close(oneshot::channel().0), append(1)];
        assert_eq!(batches(jobs, 1, 100).await, [1, 1]);
    }
}
