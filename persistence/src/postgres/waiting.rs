//! Which waiting commits go into the next batch. Several batches may be in flight, but only one with a commit of an
//! entity: the next one of that entity waits, so that they are written in the order they were sent.

use std::collections::{HashSet, VecDeque};

use tokio::sync::oneshot;

use crate::error::AppendError;
use crate::journal::EntityId;
use crate::sql::encoding::EncodedCommit;

/// An append and whoever waits for its outcome.
#[derive(Debug)]
pub(super) struct Append {
    pub commit: EncodedCommit,
    pub answer: oneshot::Sender<Result<(), AppendError>>,
}

/// How much goes into one batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub commits: usize,
    pub bytes: usize,
}

#[derive(Debug)]
pub(super) struct Waiting {
    limits: Limits,
    /// In the order they came. Bounded: nothing more is taken in while it holds a batch's worth.
    line: VecDeque<Append>,
    /// Entities with a commit in flight.
    busy: HashSet<EntityId>,
}

impl Waiting {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, line: VecDeque::new(), busy: HashSet::new() }
    }

    pub(super) fn has_room(&self) -> bool {
        self.line.len() < self.limits.commits
    }

    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    pub(super) fn push(&mut self, append: Append) {
        self.line.push_back(append);
    }

    /// The next batch, sorted by the ids of its entities; empty when all that waits is of busy ones.
    pub(super) fn take(&mut self) -> Vec<Append> {
        let mut batch: Vec<Append> = Vec::new();
        let mut bytes = 0;
        // Those that had their turn in this batch, or must wait behind one that had not.
        let mut passed = HashSet::new();
        for append in std::mem::take(&mut self.line) {
            let entity = append.commit.entity.clone();
            let fits = batch.is_empty() || bytes + append.commit.bytes <= self.limits.bytes;
            let room = batch.len() < self.limits.commits;
            if !self.busy.contains(&entity) && passed.insert(entity) && fits && room {
                bytes += append.commit.bytes;
                batch.push(append);
            } else {
                self.line.push_back(append);
            }
        }
        self.busy.extend(batch.iter().map(|append| append.commit.entity.clone()));
        batch.sort_unstable_by(|one, other| one.commit.entity.cmp(&other.commit.entity));
        batch
    }

    /// These entities are not in flight any more.
    pub(super) fn finished(&mut self, entities: &[EntityId]) {
        for entity in entities {
            self.busy.remove(entity);
        }
    }
}

#[cfg(test)]
mod tests {
    use souk_domain::time::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::journal::{Commit, Relay};

    fn append(entity: &str, predecessor: u64) -> Append {
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
        Append { commit: EncodedCommit::new(commit, &[]).unwrap(), answer: oneshot::channel().0 }
    }

    fn waiting(commits: usize, bytes: usize, appends: &[(&str, u64)]) -> Waiting {
        let mut waiting = Waiting::new(Limits { commits, bytes });
        appends.iter().for_each(|(entity, predecessor)| waiting.push(append(entity, *predecessor)));
        waiting
    }

    fn shown(batch: &[Append]) -> Vec<String> {
        batch.iter().map(|append| format!("{}:{:?}", append.commit.entity, append.commit.row[1])).collect()
    }

    fn entities(batch: &[Append]) -> Vec<EntityId> {
        batch.iter().map(|append| append.commit.entity.clone()).collect()
    }

    #[test]
    fn an_entity_has_one_commit_in_flight_and_the_next_in_order() {
        let mut waiting = waiting(10, 1_000_000, &[("b_1", 0), ("a_1", 0), ("b_1", 1), ("b_1", 2)]);
        let first = waiting.take();
        assert_eq!(shown(&first), ["a_1:Integer(0)", "b_1:Integer(0)"]);
        assert!(waiting.take().is_empty(), "b_1 is in flight");
        waiting.push(append("c_1", 0));
        let second = waiting.take();
        assert_eq!(shown(&second), ["c_1:Integer(0)"], "others go on");
        waiting.finished(&entities(&first));
        assert_eq!(shown(&waiting.take()), ["b_1:Integer(1)"]);
        waiting.finished(&[EntityId::new("b_1")]);
        assert_eq!(shown(&waiting.take()), ["b_1:Integer(2)"]);
        assert!(waiting.is_empty());
    }

    #[test]
    fn a_commit_waits_behind_one_of_its_entity_that_found_no_place() {
        // The first of a_1 is in; b_1 does not fit; no later one of b_1 may overtake it.
        let mut waiting = waiting(10, 1, &[("a_1", 0), ("b_1", 0), ("b_1", 1)]);
        assert_eq!(shown(&waiting.take()), ["a_1:Integer(0)"]);
        assert_eq!(shown(&waiting.take()), ["b_1:Integer(0)"]);
        waiting.finished(&[EntityId::new("b_1")]);
        assert_eq!(shown(&waiting.take()), ["b_1:Integer(1)"]);
    }

    #[test]
    fn a_batch_has_its_limits() {
        let mut waiting = waiting(2, 1_000_000, &[("a_1", 0), ("b_1", 0), ("c_1", 0)]);
        assert!(!waiting.has_room());
        assert_eq!(waiting.take().len(), 2);
        assert_eq!(waiting.take().len(), 1);
    }
}
