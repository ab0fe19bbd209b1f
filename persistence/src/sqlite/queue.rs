//! Which waiting writes go into the next transaction.

use std::collections::{HashSet, VecDeque};

use futures::future::BoxFuture;
use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use crate::error::{AppendError, StoreError};
use crate::journal::EntityId;
use crate::sql::encoding::EncodedCommit;

/// An append and whoever waits for its outcome.
#[derive(Debug)]
pub(super) struct Append {
    pub commit: EncodedCommit,
    pub answer: oneshot::Sender<Result<(), AppendError>>,
}

/// A write that is no append: it shares the transaction and the disk's sync with the appends.
pub(super) trait PlainWrite: Send {
    /// Runs the statements inside the writer's transaction. Called again when that was rolled back.
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, Result<(), sqlx::Error>>;

    /// Called once, after the transaction.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

pub(super) enum Job {
    Append(Box<Append>),
    Plain(Box<dyn PlainWrite>),
    /// Write what waits and stop. Answered when the file is closed.
    Close(oneshot::Sender<()>),
}

/// What one transaction writes: at most one commit of an entity.
#[derive(Default)]
pub(super) struct Batch {
    pub appends: Vec<Append>,
    pub plain: Vec<Box<dyn PlainWrite>>,
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.appends.len() + self.plain.len()
    }
}

/// How much goes into one batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub writes: usize,
    pub bytes: usize,
}

pub(super) struct Queue {
    receiver: mpsc::Receiver<Job>,
    limits: Limits,
    /// Writes that were taken from the channel and did not fit into a batch yet, in order. Bounded:
    /// nothing more is taken from the channel while it holds a batch's worth.
    waiting: VecDeque<Job>,
    closing: Vec<oneshot::Sender<()>>,
}

/// A batch that is being put together.
struct Gathering {
    batch: Batch,
    entities: HashSet<EntityId>,
    bytes: usize,
    full: bool,
}

impl Queue {
    pub(super) fn new(receiver: mpsc::Receiver<Job>, limits: Limits) -> Self {
        Self { receiver, limits, waiting: VecDeque::new(), closing: Vec::new() }
    }

    /// Waits for something to write; none when nothing will ever come again.
    pub(super) async fn next_batch(&mut self) -> Option<Batch> {
        while self.waiting.is_empty() {
            let job = self.receiver.recv().await?;
            self.accept(job);
        }
        // Whoever was answered a moment ago may send the next write into this batch.
        tokio::task::yield_now().await;
        let mut gathering = Gathering { batch: Batch::default(), entities: HashSet::new(), bytes: 0, full: false };
        for job in std::mem::take(&mut self.waiting) {
            self.place(job, &mut gathering);
        }
        while !gathering.full && self.waiting.len() < self.limits.writes {
            let Ok(job) = self.receiver.try_recv() else { break };
            match job {
                Job::Close(_) => self.accept(job),
                job => self.place(job, &mut gathering),
            }
        }
        Some(gathering.batch)
    }

    /// Whoever waits for the close, once there are no more batches.
    pub(super) fn closing(&mut self) -> Vec<oneshot::Sender<()>> {
        std::mem::take(&mut self.closing)
    }

    fn accept(&mut self, job: Job) {
        match job {
            Job::Close(done) => {
                // What was sent before still comes out of `recv`; later senders are told.
                self.receiver.close();
                self.closing.push(done);
            }
            job => self.waiting.push_back(job),
        }
    }

    /// Into the batch, or back into the line. A commit waits behind an earlier one of its entity: that
    /// one is in this batch, or itself waits and then holds the entity's place.
    fn place(&mut self, job: Job, gathering: &mut Gathering) {
        let Gathering { batch, entities, bytes, full } = gathering;
        match job {
            Job::Append(append) => {
                let fits = batch.len() == 0 || *bytes + append.commit.bytes <= self.limits.bytes;
                *full |= !fits || batch.len() >= self.limits.writes;
                if entities.insert(append.commit.entity.clone()) && !*full {
                    *bytes += append.commit.bytes;
                    batch.appends.push(*append);
                } else {
                    self.waiting.push_back(Job::Append(append));
                }
            }
            Job::Plain(write) => {
                *full |= batch.len() >= self.limits.writes;
                if *full {
                    self.waiting.push_back(Job::Plain(write));
                } else {
                    batch.plain.push(write);
                }
            }
            Job::Close(_) => self.accept(job),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Commit, Relay};
    use souk_domain::time::Timestamp;
    use uuid::Uuid;

    fn append(entity: &str, predecessor: u64) -> Job {
        let commit = Commit {
            entity: EntityId::new(entity),
            predecessor,
            commit_id: Uuid::from_u128(1),
            at: Timestamp::from_millis(0),
            events: vec!["{}".to_owned()],
            snapshot: None,
            due_at: None,
            relay: Relay::Nobody,
            rows: Vec::new(),
        };
        Job::Append(Box::new(Append { commit: EncodedCommit::new(commit, &[]).unwrap(), answer: oneshot::channel().0 }))
    }

    fn shown(batch: &Batch) -> Vec<String> {
        let first = |append: &Append| format!("{}:{:?}", append.commit.entity, append.commit.row[1]);
        batch.appends.iter().map(first).collect()
    }

    fn queue(limits: Limits, jobs: impl IntoIterator<Item = Job>) -> (mpsc::Sender<Job>, Queue) {
        let (sender, receiver) = mpsc::channel(100);
        for job in jobs {
            assert!(sender.try_send(job).is_ok());
        }
        (sender, Queue::new(receiver, limits))
    }

    #[tokio::test]
    async fn one_commit_of_an_entity_in_a_batch_and_the_rest_in_order() {
        let jobs = [append("a_1", 0), append("a_1", 1), append("b_1", 0), append("a_1", 2)];
        let (sender, mut queue) = queue(Limits { writes: 10, bytes: 1_000_000 }, jobs);
        drop(sender);
        assert_eq!(shown(&queue.next_batch().await.unwrap()), ["a_1:Integer(0)", "b_1:Integer(0)"]);
        assert_eq!(shown(&queue.next_batch().await.unwrap()), ["a_1:Integer(1)"]);
        assert_eq!(shown(&queue.next_batch().await.unwrap()), ["a_1:Integer(2)"]);
        assert!(queue.next_batch().await.is_none());
    }

    #[tokio::test]
    async fn a_batch_ends_at_its_limits_and_a_large_commit_goes_alone() {
        let jobs = (0..5).map(|n| append(&format!("a_{n}"), 0));
        let (sender, mut queue) = queue(Limits { writes: 2, bytes: 1_000_000 }, jobs);
        drop(sender);
        let mut lengths = Vec::new();
        while let Some(batch) = queue.next_batch().await {
            lengths.push(batch.len());
        }
        assert_eq!(lengths, [2, 2, 1]);

        let jobs = (0..3).map(|n| append(&format!("a_{n}"), 0));
        let (sender, mut queue) = self::queue(Limits { writes: 100, bytes: 1 }, jobs);
        drop(sender);
        let mut lengths = Vec::new();
        while let Some(batch) = queue.next_batch().await {
            lengths.push(batch.len());
        }
        assert_eq!(lengths, [1, 1, 1]);
    }

    #[tokio::test]
    async fn a_hot_entity_does_not_draw_the_whole_channel_into_memory() {
        let jobs = (0..50).map(|n| append("a_1", n));
        let (_sender, mut queue) = queue(Limits { writes: 4, bytes: 1_000_000 }, jobs);
        for n in 0..10 {
            assert_eq!(shown(&queue.next_batch().await.unwrap()), [format!("a_1:Integer({n})")]);
            assert!(queue.waiting.len() <= 4, "{}", queue.waiting.len());
        }
    }

    #[tokio::test]
    async fn closing_writes_what_waits_and_refuses_the_rest() {
        let (closed, _) = oneshot::channel();
        let (sender, mut queue) =
            queue(Limits { writes: 10, bytes: 1_000_000 }, [append("a_1", 0), Job::Close(closed), append("b_1", 0)]);
        let mut entities = Vec::new();
        while let Some(batch) = queue.next_batch().await {
            entities.extend(batch.appends.iter().map(|append| append.commit.entity.to_string()));
        }
        assert_eq!(entities, ["a_1", "b_1"]);
        assert!(sender.send(append("c_1", 0)).await.is_err());
        assert_eq!(queue.closing().len(), 1);
    }
}
