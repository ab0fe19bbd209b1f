//! Group commit. What gathers while a flush is under way is decided together, on the state that the
//! flush leaves behind, and written as one commit; answers follow once it is durable. So every
//! answer, a refusal or a repeated one too, rests on a committed state, and nothing is published early.

use ractor::ActorProcessingErr;
use serde_json::value::RawValue;
use souk_domain::aggregate::{Aggregate, Seq};
use souk_domain::planted::{self, Bug};
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Recorded, Snapshot};

use super::actor::{Reader, Reply, load_failed, unreadable};
use super::directory::Shared;
use super::entity::{Answer, Command, Committed, Entity, Event, Refusal};
use super::error::{CallError, Unavailable};
use super::gate::Pass;
use super::peers::{Moved, News, Peers, Told};

/// A snapshot is due after this many events, or after as many as it has bytes divided by
/// [`BYTES_PER_EVENT`]: so that writing the state never costs more than writing the events did.
const SNAPSHOT_EVERY: usize = 500;
const BYTES_PER_EVENT: usize = 64;
/// Who is further behind reads the snapshot.
const MOST_CAUGHT_UP: usize = 1_000;

enum Work<E: Entity> {
    Call {
        command: Command<E>,
        reply: Reply<E>,
        pass: Pass,
    },
    Read {
        reader: Reader<E::Aggregate>,
        pass: Pass,
    },
    /// From the entity's own process or clock: nobody waits for an answer.
    Report(Command<E>),
}

/// Something decided whose answer waits for the flush.
enum Decided<E: Entity> {
    Call { command: Command<E>, reply: Reply<E>, pass: Pass, answer: Result<Answer<E>, Refusal<E>> },
    Read { reader: Reader<E::Aggregate>, pass: Pass },
    Report(Command<E>),
}

struct Flight<E: Entity> {
    first: Seq,
    at: Timestamp,
    events: Vec<Event<E>>,
    decided: Vec<Decided<E>>,
}

/// What is to be done once all that has gathered was decided.
pub(super) enum Decision {
    Write(Commit),
    /// There is nothing to write, and the answers wait until the store has said that nobody else wrote.
    Compare(Peers),
    /// There was nothing to write, and everybody is answered.
    Nothing,
    /// There is nothing to write on an empty journal, and nobody knows that it is empty: nobody is answered.
    ReadFirst,
}

pub(super) struct Batches<E: Entity> {
    id: EntityId,
    /// Whether the state was built from the journal, or written to it. Until then the journal is taken to be empty:
    /// the first commit finds out, and a conflict reads it.
    is_known: bool,
    /// Committed, except while a flight is under way.
    state: E::Aggregate,
    head: Seq,
    at: Timestamp,
    gathered: Vec<Work<E>>,
    marked: bool,
    flight: Option<Flight<E>>,
    since_snapshot: usize,
    snapshot_after: usize,
}

impl<E: Entity> Batches<E> {
    pub fn new(id: &EntityId) -> Self {
        Self {
            id: id.clone(),
            is_known: false,
            state: E::Aggregate::default(),
            head: 0,
            at: Timestamp::default(),
            gathered: Vec::new(),
            marked: false,
            flight: None,
            since_snapshot: 0,
            snapshot_after: SNAPSHOT_EVERY,
        }
    }

    /// Rebuilds the state from the journal and drops everything that was only pending.
    pub async fn load(&mut self, shared: &Shared<E>) -> Result<(), ActorProcessingErr> {
        let version = <E::Aggregate as Aggregate>::SNAPSHOT_VERSION;
        let loaded = shared.entity.journal().load(&self.id, version).await.map_err(|e| unreadable(&self.id, e))?;
        let mut state = match &loaded.snapshot {
            Some((_, text)) => serde_json::from_str(text).map_err(|e| load_failed(&self.id, e))?,
            None => E::Aggregate::default(),
        };
        let (known, mut newest) = (self.head, None);
        for recorded in &loaded.tail {
            let event = serde_json::from_str(&recorded.event)
                .map_err(|e| load_failed(&self.id, format!("event {}: {e}", recorded.seq)))?;
            state.evolve(&event);
            newest = Some(event);
        }
        self.since_snapshot = loaded.tail.len();
        (self.state, self.head, self.at, self.is_known) = (state, loaded.head, loaded.at, true);
        if let Some(event) = newest.filter(|_| self.head > known) {
            self.tell_newest(shared, &event);
        }
        Ok(())
    }

    /// Events of another writer, and of our own commits of unknown outcome, were told to nobody. The newest is
    /// enough: it shows the whole state, and who follows a log and misses a number before it reads the journal.
    fn tell_newest(&self, shared: &Shared<E>, event: &Event<E>) {
        let events = std::slice::from_ref(event);
        let change = Committed { id: &self.id, state: &self.state, first: self.head, events, at: self.at };
        shared.entity.publish(&change);
    }

    pub fn gather_call(&mut self, command: Command<E>, reply: Reply<E>, pass: Pass) {
        self.gathered.push(Work::Call { command, reply, pass });
    }

    pub fn gather_read(&mut self, reader: Reader<E::Aggregate>, pass: Pass) {
        self.gathered.push(Work::Read { reader, pass });
    }

    pub fn gather_report(&mut self, command: Command<E>) {
        self.gathered.push(Work::Report(command));
    }

    pub fn has_gathered(&self) -> bool {
        !self.gathered.is_empty()
    }

    pub fn is_flushing(&self) -> bool {
        self.flight.is_some()
    }

    /// The number of the newest event that the state has, without those of a flight.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// Whether the journal is known to say what the state says.
    pub fn is_known(&self) -> bool {
        self.is_known
    }

    /// The state after the newest commit. Only meaningful while nothing is in flight.
    pub fn committed_state(&self) -> &E::Aggregate {
        &self.state
    }

    /// Whether a flush marker has to be sent: one at a time, and none while a flush is under way.
    pub fn needs_marker(&mut self) -> bool {
        let needed = !self.marked && self.flight.is_none() && !self.gathered.is_empty();
        self.marked |= needed;
        needed
    }

    /// Decides what has gathered.
    pub fn decide(&mut self, shared: &Shared<E>) -> Decision {
        self.marked = false;
        if self.flight.is_some() {
            return Decision::Nothing;
        }
        let now = shared.clock.now().max(self.at);
        let count = self.gathered.len().min(shared.limits.batch);
        let works: Vec<Work<E>> = self.gathered.drain(..count).collect();
        let mut flight =
            Flight { first: self.head + 1, at: now, events: Vec::new(), decided: Vec::with_capacity(works.len()) };
        for work in works {
            self.decide_one(work, now, &mut flight);
        }
        if flight.events.is_empty() && !self.is_known {
            self.take_back(flight);
            return Decision::ReadFirst;
        }
        if let Some(peers) = &shared.peers
            && flight.events.is_empty()
            && !flight.decided.is_empty()
        {
            self.flight = Some(flight);
            return Decision::Compare(peers.clone());
        }
        if flight.events.is_empty() {
            let seq = self.head;
            flight.decided.into_iter().for_each(|decided| decided.answer(&self.state, seq));
            return Decision::Nothing;
        }
        let commit = self.commit(shared, &flight);
        if planted::is(Bug::AnswerBeforeCommit) {
            flight.decided.drain(..).for_each(|decided| decided.answer(&self.state, self.head));
        }
        self.flight = Some(flight);
        Decision::Write(commit)
    }

    fn decide_one(&mut self, work: Work<E>, now: Timestamp, flight: &mut Flight<E>) {
        let decided = match work {
            // Nobody waits any more: what was not begun is not begun.
            Work::Call { reply, .. } if reply.is_closed() => return,
            Work::Call { command, reply, pass } => {
                let answer = self.apply(&command, now, &mut flight.events).map(|()| self.state.answer(&command));
                Decided::Call { command, reply, pass, answer }
            }
            Work::Read { reader, pass } => Decided::Read { reader, pass },
            Work::Report(command) => {
                if let Err(refusal) = self.apply(&command, now, &mut flight.events) {
                    tracing::debug!(entity = %self.id, ?refusal, "a report of its own process was refused");
                }
                Decided::Report(command)
            }
        };
        flight.decided.push(decided);
    }

    fn apply(&mut self, command: &Command<E>, now: Timestamp, events: &mut Vec<Event<E>>) -> Result<(), Refusal<E>> {
        let decided = self.state.decide(command, now)?;
        for event in &decided {
            self.state.evolve(event);
        }
        events.extend(decided);
        Ok(())
    }

    fn commit(&mut self, shared: &Shared<E>, flight: &Flight<E>) -> Commit {
        let change =
            Committed { id: &self.id, state: &self.state, first: flight.first, events: &flight.events, at: flight.at };
        let rows = shared.entity.rows(&change);
        let events = flight.events.iter().map(json).collect();
        self.since_snapshot += flight.events.len();
        let snapshot = (self.since_snapshot >= self.snapshot_after).then(|| self.snapshot());
        Commit {
            entity: self.id.clone(),
            predecessor: flight.first - 1,
            commit_id: shared.chance.random(),
            at: flight.at,
            events,
            snapshot,
            due_at: self.state.due_at(),
            relay: E::RELAY,
            rows,
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        let state = json(&self.state);
        self.snapshot_after = SNAPSHOT_EVERY.max(state.len() / BYTES_PER_EVENT);
        self.since_snapshot = 0;
        Snapshot { version: <E::Aggregate as Aggregate>::SNAPSHOT_VERSION, state }
    }

    /// The flight is durable: tell the world, then the callers.
    pub fn committed(&mut self, shared: &Shared<E>) {
        let Some(flight) = self.flight.take() else { return };
        let Flight { first, at, events, decided } = flight;
        let change = Committed { id: &self.id, state: &self.state, first, events: &events, at };
        (self.head, self.at, self.is_known) = (change.seq(), at, true);
        shared.entity.publish(&change);
        if let Some(peers) = &shared.peers {
            peers.tell(&self.id, self.head, told(E::NEWS, &change).as_ref());
        }
        let seq = self.head;
        decided.into_iter().for_each(|decided| decided.answer(&self.state, seq));
    }

    /// Everything in the flight holds, and nothing was to be written.
    pub fn answer(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        flight.decided.into_iter().for_each(|decided| decided.answer(&self.state, self.head));
    }

    /// Goes along with what another node has written. The state must be the committed one.
    pub async fn follow(&mut self, shared: &Shared<E>, moved: &Moved) -> Result<(), ActorProcessingErr> {
        let told = moved.told().filter(|told| self.is_known && told.first == self.head + 1);
        if let Some(Told { first, at, events }) = told {
            let events: Result<Vec<Event<E>>, _> =
                events.iter().map(|event| serde_json::from_str(event.get())).collect();
            // A form that this version does not know: the journal's is lifted.
            if let Ok(events) = events {
                self.go_along(shared, first, at, &events);
                return Ok(());
            }
        }
        self.catch_up(shared).await
    }

    /// Reads what others have written since. The state must be the committed one.
    async fn catch_up(&mut self, shared: &Shared<E>) -> Result<(), ActorProcessingErr> {
        if !self.is_known {
            return self.load(shared).await;
        }
        let tail = shared.entity.journal().events_after(&self.id, self.head, MOST_CAUGHT_UP).await;
        let tail = tail.map_err(|error| unreadable(&self.id, error))?;
        if tail.len() == MOST_CAUGHT_UP {
            return self.load(shared).await;
        }
        // As they were written: those of one commit have one time.
        for commit in tail.chunk_by(|one, next| one.at == next.at) {
            let Some(Recorded { seq, at, event: _ }) = commit.first() else { continue };
            let events: Result<Vec<Event<E>>, _> =
                commit.iter().map(|recorded| serde_json::from_str(&recorded.event)).collect();
            let events = events.map_err(|error| load_failed(&self.id, format!("an event from {seq} on: {error}")))?;
            self.go_along(shared, *seq, *at, &events);
        }
        Ok(())
    }

    fn go_along(&mut self, shared: &Shared<E>, first: Seq, at: Timestamp, events: &[Event<E>]) {
        events.iter().for_each(|event| self.state.evolve(event));
        self.since_snapshot += events.len();
        let change = Committed { id: &self.id, state: &self.state, first, events, at };
        (self.head, self.at) = (change.seq(), at);
        shared.entity.publish(&change);
    }

    /// Another writer was first: everything in the flight is decided again, in order, before what came later.
    pub async fn decide_again(&mut self, shared: &Shared<E>) -> Result<(), ActorProcessingErr> {
        let flight = self.flight.take();
        if flight.as_ref().is_some_and(|flight| flight.events.is_empty()) {
            self.catch_up(shared).await?;
            flight.into_iter().for_each(|flight| self.take_back(flight));
            return Ok(());
        }
        let stale = self.state.clone();
        self.load(shared).await?;
        if planted::is(Bug::StaleAfterConflict) {
            self.state = stale;
        }
        flight.into_iter().for_each(|flight| self.take_back(flight));
        Ok(())
    }

    /// What was decided is to be decided again, in order, before what came later.
    fn take_back(&mut self, flight: Flight<E>) {
        let later = std::mem::take(&mut self.gathered);
        self.gathered = flight.decided.into_iter().map(Decided::undo).chain(later).collect();
    }

    /// Certainly not written: the pending part is dropped and its callers may try again. A report of
    /// the entity's own process is dropped too: its step is still the next one and is done again.
    pub async fn give_up(&mut self, shared: &Shared<E>) -> Result<(), ActorProcessingErr> {
        let flight = self.flight.take();
        self.load(shared).await?;
        for decided in flight.into_iter().flat_map(|flight| flight.decided) {
            match decided {
                Decided::Call { reply, .. } => drop(reply.send(Err(CallError::Unavailable(Unavailable::Store)))),
                Decided::Read { reader, pass } => {
                    drop(pass);
                    reader(&self.state, self.head);
                }
                Decided::Report(_) => {}
            }
        }
        Ok(())
    }
}

impl<E: Entity> Decided<E> {
    fn answer(self, state: &E::Aggregate, seq: Seq) {
        match self {
            Self::Call { reply, answer, pass, .. } => {
                drop(pass);
                let _ = reply.send(answer.map_err(CallError::Refused));
            }
            Self::Read { reader, pass } => {
                drop(pass);
                reader(state, seq);
            }
            Self::Report(_) => {}
        }
    }

    fn undo(self) -> Work<E> {
        match self {
            Self::Call { command, reply, pass, .. } => Work::Call { command, reply, pass },
            Self::Read { reader, pass } => Work::Read { reader, pass },
            Self::Report(command) => Work::Report(command),
        }
    }
}

/// What the other nodes are told beside the number.
fn told<A: Aggregate>(news: News, change: &Committed<'_, A>) -> Option<Told> {
    let raw = |event| RawValue::from_string(json(event)).ok();
    let events = || change.events.iter().map(raw).collect::<Option<Vec<_>>>();
    match news {
        News::Number => None,
        News::Events => events().map(|events| Told { first: change.first, at: change.at, events }),
    }
}

/// Domain types always serialise: their maps have text keys and their numbers are integers.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("domain types serialise to JSON")
}
