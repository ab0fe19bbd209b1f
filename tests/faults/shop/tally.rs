//! What clients were answered, phase by phase: while all is well, while an engine is in trouble, and again afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::super::support::answer::Answer;
use super::calls::Call;

/// No answer may take longer: an entity is waited for up to ten seconds (`actors.call_deadline_seconds`), and an order
/// is placed through two of them. The rest is for a busy machine.
const DEADLINE: Duration = Duration::from_secs(22);

#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// Done, by calls that began and ended in this phase.
    pub done: u64,
    /// Done, by calls that began before.
    pub done_late: u64,
    /// Told to try again.
    pub refused: u64,
    pub slowest: Duration,
}

#[derive(Debug, Clone, Default)]
pub struct Counts {
    calls: BTreeMap<Call, Count>,
    /// Clients who were served with something that they asked for in this phase.
    pub served: BTreeSet<usize>,
}

#[derive(Default)]
struct Phase {
    number: u64,
    counts: Counts,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Tally(Arc<watch::Sender<Phase>>);

/// A call under way.
pub struct Asked {
    who: usize,
    call: Call,
    phase: u64,
    at: Instant,
}

impl Counts {
    pub fn of(&self, call: Call) -> Count {
        self.calls.get(&call).copied().unwrap_or_default()
    }
}

impl Tally {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::default())))
    }

    pub fn asked(&self, who: usize, call: Call) -> Asked {
        Asked { who, call, phase: self.0.borrow().number, at: Instant::now() }
    }

    /// True: it was answered for good. Else it was told to try again, in the form that clients rely on.
    pub fn answered(&self, asked: &Asked, answer: &Answer) -> bool {
        let took = asked.at.elapsed();
        assert!(took < DEADLINE, "{took:?} until {answer}");
        assert!(!answer.is_lost(), "a connection broke: {answer}");
        let again = answer.is_to_be_repeated();
        if again {
            let after: Option<u64> = answer.header("retry-after").parse().ok();
            assert!(after.is_some_and(|seconds| seconds >= 1), "no Retry-After: {answer}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{answer}");
            assert!(!answer.code().is_empty(), "no code: {answer}");
        }
        self.0.send_modify(|phase| {
            let count = phase.counts.calls.entry(asked.call).or_default();
            match (again, asked.phase == phase.number) {
                (true, _) => count.refused += 1,
                (false, true) => count.done += 1,
                (false, false) => count.done_late += 1,
            }
            count.slowest = count.slowest.max(took);
            if !again && asked.phase == phase.number {
                phase.counts.served.insert(asked.who);
            }
        });
        !again
    }

    /// Begins a phase, and gives what was counted in the one before.
    pub fn next_phase(&self) -> Counts {
        let mut before = Counts::default();
        self.0.send_modify(|phase| {
            phase.number += 1;
            before = std::mem::take(&mut phase.counts);
        });
        before
    }

    pub async fn until(&self, what: &str, within: Duration, holds: impl Fn(&Counts) -> bool) {
        let mut phases = self.0.subscribe();
        let reached = tokio::time::timeout(within, phases.wait_for(|phase| holds(&phase.counts))).await;
        assert!(reached.is_ok(), "{what}: not within {within:?}: {:?}", self.0.borrow().counts);
    }
}

/// `Say 12 done, 3 refused, 0.4 s; ...`, each with its slowest answer.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (call, count)) in self.calls.iter().enumerate() {
            let Count { done, done_late, refused, slowest } = count;
            let between = if place == 0 { "" } else { "; " };
            write!(
                f,
                "{between}{call:?} {} done, {refused} refused, {:.1} s",
                done + done_late,
                slowest.as_secs_f64()
            )?;
        }
        Ok(())
    }
}
