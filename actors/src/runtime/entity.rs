//! What a kind of live thing has to say about itself.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use souk_domain::aggregate::{Aggregate, Seq};
use souk_domain::time::Timestamp;
use souk_persistence::journal::{EntityId, Journal, Relay};
use souk_persistence::rows::Row;

use super::peers::News;

pub type Command<E> = <<E as Entity>::Aggregate as Aggregate>::Command;
pub type Event<E> = <<E as Entity>::Aggregate as Aggregate>::Event;
pub type Refusal<E> = <<E as Entity>::Aggregate as Aggregate>::Refusal;
pub type Answer<E> = <<E as Entity>::Aggregate as Aggregate>::Answer;

/// What a step came to: commands that report its outcome, in their order and for one commit; or a reason to try it
/// again later. A step that went on to what follows reports that too.
pub type StepFuture<E> = Pin<Box<dyn Future<Output = Result<Vec<Command<E>>, StepFailed>> + Send>>;

/// A step could not be carried out now. It is tried again until it can.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StepFailed(pub String);

/// Events that are durable now, and the state after them.
#[derive(Debug)]
pub struct Committed<'a, A: Aggregate> {
    pub id: &'a EntityId,
    pub state: &'a A,
    /// The number of the first of the events.
    pub first: Seq,
    pub events: &'a [A::Event],
    pub at: Timestamp,
}

impl<A: Aggregate> Committed<'_, A> {
    /// The number of the newest event.
    pub fn seq(&self) -> Seq {
        self.first + self.events.len() as Seq - 1
    }
}

/// One kind of live thing: which aggregate it is, what is written beside its journal, what is
/// published after a commit, and how its process goes on.
pub trait Entity: Send + Sync + Sized + 'static {
    type Aggregate: Aggregate;
    /// What is to be done next outside the entity.
    type Step: Debug + Send + 'static;

    /// The prefix of its ids.
    const KIND: &'static str;
    /// Whether anybody outside is told of its events.
    const RELAY: Relay = Relay::Nobody;

    /// What other nodes are told of a commit, over a bus that seals nothing.
    const NEWS: News = News::Number;

    fn journal(&self) -> &Arc<dyn Journal>;

    /// The read model after these events, written in their transaction.
    fn rows(&self, change: &Committed<'_, Self::Aggregate>) -> Vec<Row>;

    /// Tells the world. Called once the events are durable, in their order, and never before. After a load the newest
    /// event is told again, in case nobody heard of it.
    fn publish(&self, change: &Committed<'_, Self::Aggregate>);

    /// What a due entity is asked.
    fn wake(&self) -> Option<Command<Self>> {
        None
    }

    /// What has to be done next. Asked after every commit and whenever the entity wakes up.
    fn next_step(&self, _state: &Self::Aggregate) -> Option<Self::Step> {
        None
    }

    /// Carries out a step. It may be done again after a crash, so it must do no harm twice.
    fn perform(self: Arc<Self>, id: EntityId, _state: Self::Aggregate, step: Self::Step) -> StepFuture<Self> {
        Box::pin(async move { Err(StepFailed(format!("{id} has no process to carry out {step:?}"))) })
    }
}

/// The bounds of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Calls from outside that may wait at one entity.
    pub calls_per_entity: u32,
    /// Calls from outside that may wait at all entities of the kind.
    pub calls: usize,
    /// Entities that may be alive.
    pub alive: usize,
    /// An entity that nobody called for so long goes to sleep.
    pub idle_after: Duration,
    /// How long a caller waits.
    pub call_deadline: Duration,
    /// Commands that one flush may carry.
    pub batch: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_per_entity: 4_096,
            calls: 20_000,
            alive: 200_000,
            idle_after: Duration::from_secs(30),
            call_deadline: Duration::from_secs(10),
            batch: 512,
        }
    }
}
