//! The actor of one entity. It never waits for the disk with commands in hand: it decides, hands the
//! commit to the store, and goes on taking in what arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use souk_domain::aggregate::Seq;
use souk_domain::planted::{self, Bug};
use souk_persistence::error::{AppendError, StoreError};
use souk_persistence::journal::EntityId;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::batch::{Batches, Decision};
use super::directory::Shared;
use super::entity::{Answer, Command, Entity, Refusal};
use super::error::CallError;
use super::gate::{Gate, Pass};
use super::peers::{Moved, Peers};
use super::steps::Steps;

pub(super) type Reply<E> = oneshot::Sender<Result<Answer<E>, CallError<Refusal<E>>>>;
/// Looks at the committed state with its number.
pub(super) type Reader<A> = Box<dyn FnOnce(&A, u64) + Send>;
/// Looks at each committed state until it has seen what it waits for (or nobody waits any more).
pub(super) type Watcher<A> = Box<dyn FnMut(&A) -> bool + Send>;

/// Watchers that may wait at one entity.
const MAX_WATCHERS: usize = 4_096;

/// A gap that is left for another node is as long as writing took, this many times: it has to read before it writes.
const GAP_IN_WRITES: u32 = 3;
const SHORTEST_GAP: Duration = Duration::from_millis(2);
const LONGEST_GAP: Duration = Duration::from_millis(50);

/// Why an entity is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waking {
    /// It is due. Where other nodes write too, only the one that wrote last is meant.
    Due,
    /// It has been due for so long that whoever wrote last is taken to be gone: its process goes on here.
    Overdue,
}

/// What is known of an entity's journal by whoever calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It has to be read.
    Stored,
    /// Most likely it is empty, because the id was just made.
    New,
}

pub(super) enum Message<E: Entity> {
    Call {
        command: Box<Command<E>>,
        reply: Reply<E>,
        pass: Pass,
    },
    Read {
        reader: Reader<E::Aggregate>,
        pass: Pass,
    },
    Watch {
        watcher: Watcher<E::Aggregate>,
        pass: Pass,
        origin: Origin,
    },
    /// All that was in the mailbox before this marker belongs to one commit.
    Flush,
    Flushed(Result<(), AppendError>),
    /// Where the store says that the journal stands; answers wait for it.
    Compared(Result<Seq, StoreError>),
    /// Another node has written.
    Moved(Moved),
    /// Another node wants to write.
    LeaveAGap,
    StepDone(Vec<Command<E>>),
    StepFailed(String),
    RetryStep,
    Wake(Waking),
    /// Nobody called for a while.
    Sleep,
    Stop,
}

pub(super) struct EntityActor<E: Entity> {
    pub shared: Arc<Shared<E>>,
    pub id: EntityId,
    pub gate: Arc<Gate>,
    /// Up to where the journal is known here, for whoever hears of more.
    pub head: Arc<AtomicU64>,
}

pub(super) struct State<E: Entity> {
    origin: Origin,
    pub batches: Batches<E>,
    pub steps: Steps,
    pub watchers: Vec<(Watcher<E::Aggregate>, Pass)>,
    pub stopping: bool,
    /// Whether the newest commit was written here, and so its process goes on here. Always, on the only node.
    ours: bool,
    /// What was heard while a flush was under way.
    heard: Option<Moved>,
    leave_a_gap: bool,
    began_writing: Instant,
    writing_took: Duration,
}

impl<E: Entity> Actor for EntityActor<E> {
    type Msg = Message<E>;
    type State = State<E>;
    type Arguments = Origin;

    async fn pre_start(&self, _myself: ActorRef<Message<E>>, origin: Origin) -> Result<State<E>, ActorProcessingErr> {
        Ok(State {
            origin,
            batches: Batches::new(&self.id),
            steps: Steps::default(),
            watchers: Vec::new(),
            stopping: false,
            ours: self.shared.peers.is_none(),
            heard: None,
            leave_a_gap: false,
            began_writing: Instant::now(),
            writing_took: Duration::ZERO,
        })
    }

    /// Recovery: state = snapshot + the events after it.
    async fn post_start(&self, myself: ActorRef<Message<E>>, state: &mut State<E>) -> Result<(), ActorProcessingErr> {
        match state.origin {
            Origin::Stored => self.read_journal(&myself, state).await,
            Origin::New => Ok(()),
        }
    }

    async fn handle(
        &self,
        myself: ActorRef<Message<E>>,
        message: Message<E>,
        state: &mut State<E>,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Call { command, reply, pass } => {
                state.batches.gather_call(*command, reply, pass);
                self.mark(&myself, state);
            }
            Message::Read { reader, pass } => {
                state.batches.gather_read(reader, pass);
                self.mark(&myself, state);
            }
            Message::Watch { watcher, pass, origin } => self.watch(&myself, state, watcher, pass, origin).await?,
            Message::Flush => self.flush(&myself, state).await?,
            Message::Flushed(outcome) => self.flushed(&myself, state, outcome).await?,
            Message::Compared(outcome) => self.compared(&myself, state, outcome).await?,
            Message::Moved(moved) => self.moved(&myself, state, moved).await,
            Message::LeaveAGap => state.leave_a_gap = true,
            Message::StepDone(commands) => {
                state.steps.succeeded();
                commands.into_iter().for_each(|command| state.batches.gather_report(command));
                self.mark(&myself, state);
            }
            Message::StepFailed(_) if planted::is(Bug::FailedStepForgotten) => {}
            Message::StepFailed(reason) => state.steps.failed(self, &myself, &reason),
            Message::RetryStep => {
                state.steps.done();
                self.go_on(&myself, state);
            }
            Message::Wake(waking) => self.wake(&myself, state, waking).await?,
            Message::Sleep => self.sleep_if_resting(&myself, state),
            Message::Stop => {
                state.stopping = true;
                self.stop_if_done(&myself, state);
            }
        }
        self.head.store(state.batches.head(), Ordering::Release);
        Ok(())
    }

    async fn post_stop(&self, _myself: ActorRef<Message<E>>, state: &mut State<E>) -> Result<(), ActorProcessingErr> {
        state.steps.abort();
        Ok(())
    }
}

impl<E: Entity> EntityActor<E> {
    /// Sets the flush marker behind what is in the mailbox now, unless one is under way.
    fn mark(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) {
        if state.batches.needs_marker() {
            let gap = std::mem::take(&mut state.leave_a_gap).then(|| gap(state.writing_took));
            match gap {
                None => drop(myself.send_message(Message::Flush)),
                Some(gap) => drop(myself.send_after(gap, || Message::Flush)),
            }
        }
    }

    async fn read_journal(
        &self,
        myself: &ActorRef<Message<E>>,
        state: &mut State<E>,
    ) -> Result<(), ActorProcessingErr> {
        state.batches.load(&self.shared).await?;
        self.tell_watchers(state);
        self.go_on(myself, state);
        Ok(())
    }

    async fn flush(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) -> Result<(), ActorProcessingErr> {
        match state.batches.decide(&self.shared) {
            Decision::Write(commit) => {
                state.began_writing = Instant::now();
                let (shared, myself) = (Arc::clone(&self.shared), myself.clone());
                tokio::spawn(async move {
                    let outcome = shared.entity.journal().append(commit).await;
                    let _ = myself.send_message(Message::Flushed(outcome));
                });
            }
            Decision::Compare(peers) => {
                let (id, myself) = (self.id.clone(), myself.clone());
                tokio::spawn(async move {
                    let _ = myself.send_message(Message::Compared(peers.head(id).await));
                });
            }
            Decision::ReadFirst => {
                self.read_journal(myself, state).await?;
                self.mark(myself, state);
            }
            // What was decided on the committed state has been answered.
            Decision::Nothing if state.batches.has_gathered() => self.mark(myself, state),
            Decision::Nothing => {
                self.go_on(myself, state);
                self.stop_if_done(myself, state);
            }
        }
        Ok(())
    }

    async fn flushed(
        &self,
        myself: &ActorRef<Message<E>>,
        state: &mut State<E>,
        outcome: Result<(), AppendError>,
    ) -> Result<(), ActorProcessingErr> {
        match outcome {
            Ok(()) => {
                state.writing_took = state.began_writing.elapsed();
                state.batches.committed(&self.shared);
                state.ours = true;
            }
            Err(AppendError::Conflict { head }) => {
                tracing::info!(entity = %self.id, head, "another writer was first, deciding again");
                if let Some(peers) = &self.shared.peers {
                    peers.ask_for_a_turn(&self.id);
                }
                state.batches.decide_again(&self.shared).await?;
                self.others_wrote(state);
            }
            Err(AppendError::NotDone(reason)) => {
                tracing::warn!(entity = %self.id, reason, "a commit was not written, its callers may try again");
                state.batches.give_up(&self.shared).await?;
                if self.shared.entity.next_step(state.batches.committed_state()).is_some() && !state.steps.busy() {
                    state.steps.failed(self, myself, &reason);
                }
            }
            Err(AppendError::Unknown(_)) if planted::is(Bug::UnknownCommitIsDone) => {
                state.batches.committed(&self.shared);
            }
            // Nobody knows whether it was written. The journal does: start anew from there.
            Err(AppendError::Unknown(reason)) => {
                return Err(StoreTrouble(format!("outcome of a commit unknown: {reason}")).into());
            }
        }
        self.landed(myself, state).await;
        Ok(())
    }

    /// Nothing was to be written: what was decided holds if the journal stands where the state does.
    async fn compared(
        &self,
        myself: &ActorRef<Message<E>>,
        state: &mut State<E>,
        outcome: Result<Seq, StoreError>,
    ) -> Result<(), ActorProcessingErr> {
        match outcome {
            Ok(head) if head <= state.batches.head() => state.batches.answer(),
            Ok(_) => {
                state.batches.decide_again(&self.shared).await?;
                self.others_wrote(state);
            }
            Err(error) => {
                tracing::warn!(entity = %self.id, %error, "it could not be compared with its journal");
                state.batches.give_up(&self.shared).await?;
            }
        }
        self.landed(myself, state).await;
        Ok(())
    }

    /// What comes after every flush.
    async fn landed(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) {
        if let Some(moved) = state.heard.take() {
            self.moved(myself, state, moved).await;
        }
        self.tell_watchers(state);
        self.go_on(myself, state);
        if state.batches.has_gathered() {
            self.mark(myself, state);
        }
        self.stop_if_done(myself, state);
    }

    /// Follows what another node has written. Its process goes on there, and here only once it is overdue.
    async fn moved(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>, moved: Moved) {
        if state.batches.is_flushing() {
            let newer = state.heard.as_ref().is_none_or(|heard| heard.head < moved.head);
            state.heard = if newer { Some(moved) } else { state.heard.take() };
            return;
        }
        if moved.head <= state.batches.head() {
            return;
        }
        match state.batches.follow(&self.shared, &moved).await {
            Ok(()) => {
                self.others_wrote(state);
                self.tell_watchers(state);
            }
            // It is heard again, or compared, within a second.
            Err(cause) => tracing::warn!(entity = %self.id, %cause, "it could not follow another node"),
        }
        if state.batches.has_gathered() {
            self.mark(myself, state);
        }
    }

    fn others_wrote(&self, state: &mut State<E>) {
        state.ours = self.shared.peers.is_none();
    }

    async fn watch(
        &self,
        myself: &ActorRef<Message<E>>,
        state: &mut State<E>,
        mut watcher: Watcher<E::Aggregate>,
        pass: Pass,
        origin: Origin,
    ) -> Result<(), ActorProcessingErr> {
        // Whoever takes it to be new waits for what is going to be written.
        if origin == Origin::Stored {
            self.get_to_know(myself, state).await?;
        }
        // A pending state is not looked at: its flush will tell.
        let committed = state.batches.is_known() && !state.batches.is_flushing();
        let seen = committed && watcher(state.batches.committed_state());
        if !seen && state.watchers.len() < MAX_WATCHERS {
            state.watchers.push((watcher, pass));
        }
        Ok(())
    }

    fn tell_watchers(&self, state: &mut State<E>) {
        let now = state.batches.committed_state();
        state.watchers.retain_mut(|(watcher, _)| !watcher(now));
    }

    /// Starts what the process has to do next, unless it is being done.
    fn go_on(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) {
        // What has gathered may be the report of the very step that would be started.
        let pending = state.batches.is_flushing() || state.batches.has_gathered();
        if pending || state.stopping || !state.ours || !state.batches.is_known() {
            return;
        }
        let now = state.batches.committed_state();
        if !state.steps.busy()
            && let Some(step) = self.shared.entity.next_step(now)
        {
            state.steps.start(self, myself, now.clone(), step);
        }
    }

    /// Reads the journal if that was left out, unless what is pending finds out how it stands.
    async fn get_to_know(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) -> Result<(), ActorProcessingErr> {
        let pending = state.batches.is_flushing() || state.batches.has_gathered();
        if pending || state.batches.is_known() { Ok(()) } else { self.read_journal(myself, state).await }
    }

    async fn wake(
        &self,
        myself: &ActorRef<Message<E>>,
        state: &mut State<E>,
        waking: Waking,
    ) -> Result<(), ActorProcessingErr> {
        self.get_to_know(myself, state).await?;
        match (&self.shared.peers, waking) {
            (Some(_), Waking::Due) if !state.ours => return Ok(()),
            (Some(peers), Waking::Overdue) if !state.batches.is_flushing() => {
                self.take_over(state, peers).await?;
            }
            _ => {}
        }
        if let Some(command) = self.shared.entity.wake() {
            state.batches.gather_report(command);
            self.mark(myself, state);
        }
        self.go_on(myself, state);
        Ok(())
    }

    /// From where the journal stands now its process goes on here.
    async fn take_over(&self, state: &mut State<E>, peers: &Peers) -> Result<(), ActorProcessingErr> {
        let head = peers.head(self.id.clone()).await.map_err(|error| unreadable(&self.id, error))?;
        if head > state.batches.head() {
            state.batches.follow(&self.shared, &Moved::to(head)).await?;
            self.tell_watchers(state);
        }
        state.ours = true;
        Ok(())
    }

    fn sleep_if_resting(&self, myself: &ActorRef<Message<E>>, state: &mut State<E>) {
        let resting = !state.batches.is_flushing() && !state.batches.has_gathered() && !state.steps.busy();
        if resting && self.gate.close_if_empty() {
            self.shared.passivated.fetch_add(1, Ordering::Relaxed);
            self.leave(myself);
        }
    }

    fn stop_if_done(&self, myself: &ActorRef<Message<E>>, state: &State<E>) {
        if state.stopping && !state.batches.is_flushing() && !state.batches.has_gathered() {
            self.gate.close();
            self.leave(myself);
        }
    }

    fn leave(&self, myself: &ActorRef<Message<E>>) {
        self.shared.forget(&self.id, &self.gate);
        myself.stop(None);
    }
}

fn gap(writing_took: Duration) -> Duration {
    (writing_took * GAP_IN_WRITES).clamp(SHORTEST_GAP, LONGEST_GAP)
}

/// Why an entity crashed although nothing is wrong with it: its store was away, or did not say what became of a commit.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct StoreTrouble(String);

/// The journal could not be read; the entity crashes and is tried again by its supervisor.
pub(super) fn unreadable(id: &EntityId, error: StoreError) -> ActorProcessingErr {
    match error {
        StoreError::Unavailable(reason) => StoreTrouble(format!("{id} could not be read: {reason}")).into(),
        StoreError::Damaged(_) => load_failed(id, error),
    }
}

/// What went wrong when an entity was rebuilt.
pub(super) fn load_failed(id: &EntityId, cause: impl std::fmt::Display) -> ActorProcessingErr {
    format!("{id} could not be rebuilt from its journal: {cause}").into()
}
