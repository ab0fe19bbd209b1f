//! Which waiting commits go into the next batch. Several batches are under way at once, but of each entity one commit.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};

use super::documents::EncodedCommit;
use crate::error::AppendError;
use crate::journal::EntityId;

/// A commit and whoever waits for its outcome.
#[derive(Debug)]
pub(super) struct Append {
    pub commit: EncodedCommit,
    pub answer: oneshot::Sender<Result<(), AppendError>>,
}

#[derive(Debug)]
pub(super) enum Job {
    Append(Box<Append>),
    /// Write what waits and stop.
    Close,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Commits that wait here; more stay in the channel.
    pub waiting: usize,
    pub commits: usize,
    pub bytes: usize,
    pub batches: usize,
}

/// Writes a batch and answers it.
pub(super) type Write = Arc<dyn Fn(Vec<Append>) -> BoxFuture<'static, ()> + Send + Sync>;

struct Queue {
    limits: Limits,
    waiting: VecDeque<Append>,
    /// Entities that have a commit in a batch under way.
    busy: HashSet<EntityId>,
}

/// Runs until nothing will ever come again and all is answered.
pub(super) async fn run(mut jobs: mpsc::Receiver<Job>, limits: Limits, write: Write) {
    let mut queue = Queue { limits, waiting: VecDeque::new(), busy: HashSet::new() };
    let mut batches: FuturesUnordered<BoxFuture<'static, Vec<EntityId>>> = FuturesUnordered::new();
    let mut open = true;
    loop {
        while batches.len() < limits.batches {
            let batch = queue.next_batch();
            if batch.is_empty() {
                break;
            }
            let entities: Vec<EntityId> = batch.iter().map(|append| append.commit.entity.clone()).collect();
            let written = write(batch);
            batches.push(Box::pin(async move {
                written.await;
                entities
            }));
        }
        if !open && queue.waiting.is_empty() && batches.is_empty() {
            return;
        }
        tokio::select! {
            biased;
            Some(entities) = batches.next() => entities.iter().for_each(|entity| { queue.busy.remove(entity); }),
            job = jobs.recv(), if open && queue.waiting.len() < limits.waiting => match job {
                Some(Job::Append(append)) => {
                    queue.waiting.push_back(*append);
                    // Whoever was answered a moment ago may send the next one into this batch.
                    tokio::task::yield_now().await;
                    open = queue.take_what_is_there(&mut jobs);
                }
                Some(Job::Close) => {
                    // What was sent before still comes out; later senders are told.
                    jobs.close();
                }
                None => open = false,
            },
        }
    }
}

impl Queue {
    /// Whether more may come.
    fn take_what_is_there(&mut self, jobs: &mut mpsc::Receiver<Job>) -> bool {
        while self.waiting.len() < self.limits.waiting {
            match jobs.try_recv() {
                Ok(Job::Append(append)) => self.waiting.push_back(*append),
                Ok(Job::Close) => jobs.close(),
                Err(mpsc::error::TryRecvError::Empty) => return true,
                Err(mpsc::error::TryRecvError::Disconnected) => return false,
            }
        }
        true
    }

    /// A commit waits behind an earlier one of its entity: that one is in a batch, or itself waits and has the place.
    fn next_batch(&mut self) -> Vec<Append> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        let mut passed_over: HashSet<EntityId> = HashSet::new();
        let mut left = VecDeque::with_capacity(self.waiting.len());
        for append in self.waiting.drain(..) {
            let entity = &append.commit.entity;
            let fits = batch.is_empty() || bytes + append.commit.bytes <= self.limits.bytes;
            let free = !self.busy.contains(entity) && !passed_over.contains(entity);
            if free && fits && batch.len() < self.limits.commits {
                self.busy.insert(entity.clone());
                bytes += append.commit.bytes;
                batch.push(append);
            } else {
                passed_over.insert(entity.clone());
                left.push_back(append);
            }
        }
        self.waiting = left;
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Commit, Relay};
    use souk_domain::time::Timestamp;
    use uuid::Uuid;

    fn queue(entities: &[(&str, u64)]) -> Queue {
        let waiting = entities.iter().map(|(entity, predecessor)| {
            let commit = Commit {
                entity: EntityId::new(entity),
                predecessor: *predecessor,
                commit_id: Uuid::new_v4(),
                at: Timestamp::default(),
                events: vec!["{}".to_owned()],
                snapshot: None,
                due_at: None,
                relay: Relay::Nobody,
                rows: Vec::new(),
            };
            Append { commit: EncodedCommit::new(commit).expect("encoded"), answer: oneshot::channel().0 }
        });
        let limits = Limits { waiting: 10, commits: 2, bytes: 1_000_000, batches: 2 };
        Queue { limits, waiting: waiting.collect(), busy: HashSet::new() }
    }

    fn names(batch: &[Append]) -> Vec<(String, u64)> {
        batch.iter().map(|append| (append.commit.entity.to_string(), append.commit.predecessor)).collect()
    }

    #[test]
    fn a_commit_waits_behind_an_earlier_one_of_its_entity() {
        let mut queue = queue(&[("a", 0), ("a", 1), ("b", 0), ("c", 0), ("a", 2)]);
        assert_eq!(names(&queue.next_batch()), [("a".to_owned(), 0), ("b".to_owned(), 0)]);
        assert_eq!(names(&queue.next_batch()), [("c".to_owned(), 0)]);
        assert!(queue.next_batch().is_empty());
        queue.busy.remove(&EntityId::new("a"));
        assert_eq!(names(&queue.next_batch()), [("a".to_owned(), 1)]);
    }

    #[test]
    fn a_large_commit_goes_alone() {
        let mut queue = queue(&[("a", 0), ("b", 0)]);
        queue.limits.bytes = 1;
        assert_eq!(names(&queue.next_batch()), [("a".to_owned(), 0)]);
        assert_eq!(names(&queue.next_batch()), [("b".to_owned(), 0)]);
    }
}
