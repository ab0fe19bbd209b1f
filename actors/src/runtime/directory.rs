//! From an id to its activation: on demand, one at a time for an id.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use ractor::{Actor, ActorCell, ActorId, ActorRef};
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{EntityId, Journal};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};

use super::actor::{EntityActor, Message, Origin, Waking};
use super::entity::{Answer, Command, Entity, Limits, Refusal};
use super::error::{CallError, Unavailable};
use super::gate::{Denied, Gate, Pass};
use super::peers::{Moved, Peers};
use super::supervisor::Supervisor;
use super::world::{Chance, Clock};

/// Calls of other entities' processes are not shed: their number is bounded by the entities that run one.
const INTERNAL_CALLS_PER_ENTITY: u32 = 1 << 20;

pub(super) struct Activation<E: Entity> {
    pub actor: ActorRef<Message<E>>,
    pub gate: Arc<Gate>,
    /// When somebody was let in last, in milliseconds since 1970.
    pub used_at: AtomicI64,
    /// Up to where it knows its journal.
    pub head: Arc<AtomicU64>,
}

pub(super) struct Crash {
    pub count: u32,
    pub at: Timestamp,
    pub restart_at: Timestamp,
}

/// What the directory and its actors have in common.
pub(super) struct Shared<E: Entity> {
    pub entity: Arc<E>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub limits: Limits,
    pub active: DashMap<EntityId, Activation<E>>,
    /// Which entity an actor is, for its supervisor.
    pub names: DashMap<ActorId, EntityId>,
    pub crashes: DashMap<EntityId, Crash>,
    pub restarts: AtomicU64,
    pub passivated: AtomicU64,
    pub stopping: AtomicBool,
    pub gone: Notify,
    pub supervisor: OnceLock<ActorCell>,
    calls: Arc<Semaphore>,
    /// None: nobody else writes to the store.
    pub peers: Option<Peers>,
    /// Entities that callers wait for, each with how many.
    watched: Mutex<BTreeMap<EntityId, usize>>,
}

/// All entities of one kind.
pub struct Directory<E: Entity> {
    shared: Arc<Shared<E>>,
}

impl<E: Entity> Clone for Directory<E> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

/// Whether an entity that sleeps is woken by the news of another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follow {
    Awake,
    Asleep,
}

/// A caller waits for an entity.
struct Watched<E: Entity> {
    shared: Arc<Shared<E>>,
    id: EntityId,
}

impl<E: Entity> Watched<E> {
    fn new(shared: &Arc<Shared<E>>, id: &EntityId) -> Self {
        *shared.watched().entry(id.clone()).or_default() += 1;
        Self { shared: Arc::clone(shared), id: id.clone() }
    }
}

impl<E: Entity> Drop for Watched<E> {
    fn drop(&mut self) {
        let mut watched = self.shared.watched();
        if let Some(count) = watched.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                watched.remove(&self.id);
            }
        }
    }
}

/// How a kind is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vitals {
    pub alive: usize,
    /// Calls that wait in mailboxes or for a flush.
    pub waiting: u64,
    pub restarts: u64,
    pub passivated: u64,
}

impl<E: Entity> Directory<E> {
    pub fn new(entity: Arc<E>, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>, limits: Limits) -> Self {
        Self::among(None, entity, clock, chance, limits)
    }

    /// One whose entities are written by other nodes too.
    pub fn among(
        peers: Option<Peers>,
        entity: Arc<E>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        limits: Limits,
    ) -> Self {
        let shared = Shared {
            entity,
            clock,
            chance,
            limits,
            active: DashMap::new(),
            names: DashMap::new(),
            crashes: DashMap::new(),
            restarts: AtomicU64::new(0),
            passivated: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            gone: Notify::new(),
            supervisor: OnceLock::new(),
            calls: Arc::new(Semaphore::new(limits.calls)),
            peers,
            watched: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Starts the kind's supervisor under `parent`. Until then every call is answered `Stopping`.
    ///
    /// # Errors
    /// When the actor system cannot spawn.
    pub async fn start(&self, parent: &ActorCell) -> Result<(), ractor::SpawnErr> {
        let supervisor = Supervisor { shared: Arc::clone(&self.shared) };
        let (actor, _) = Actor::spawn_linked(None, supervisor, (), parent.clone()).await?;
        let _ = self.shared.supervisor.set(actor.get_cell());
        Ok(())
    }

    /// Sends a command from outside and waits until its outcome is durable.
    ///
    /// # Errors
    /// The rules' refusal, or why there was no answer. At the deadline the command may still have its effect.
    pub async fn call(&self, id: &EntityId, command: Command<E>) -> Result<Answer<E>, CallError<Refusal<E>>> {
        let _permit = self.permit()?;
        self.ask(id, command, self.shared.limits.calls_per_entity, Origin::Stored).await
    }

    /// Sends the first command to an entity whose id was just made: there is no journal to be read. Should there
    /// be one after all, the store refuses the commit, and the command is decided on what the journal says.
    ///
    /// # Errors
    /// As for [`Directory::call`].
    pub async fn call_new(&self, id: &EntityId, command: Command<E>) -> Result<Answer<E>, CallError<Refusal<E>>> {
        let _permit = self.permit()?;
        self.ask(id, command, self.shared.limits.calls_per_entity, Origin::New).await
    }

    /// The same on behalf of another entity's process, which was admitted before.
    ///
    /// # Errors
    /// As for [`Directory::call`].
    pub async fn call_internal(&self, id: &EntityId, command: Command<E>) -> Result<Answer<E>, CallError<Refusal<E>>> {
        self.ask(id, command, INTERNAL_CALLS_PER_ENTITY, Origin::Stored).await
    }

    /// [`Directory::call_new`] on behalf of another entity's process.
    ///
    /// # Errors
    /// As for [`Directory::call`].
    pub async fn call_new_internal(
        &self,
        id: &EntityId,
        command: Command<E>,
    ) -> Result<Answer<E>, CallError<Refusal<E>>> {
        self.ask(id, command, INTERNAL_CALLS_PER_ENTITY, Origin::New).await
    }

    async fn ask(
        &self,
        id: &EntityId,
        command: Command<E>,
        most: u32,
        origin: Origin,
    ) -> Result<Answer<E>, CallError<Refusal<E>>> {
        let (actor, pass) = self.shared.enter(id, most, origin)?;
        let (reply, answer) = oneshot::channel();
        send(&actor, Message::Call { command: Box::new(command), reply, pass })?;
        self.within_deadline(answer).await?
    }

    /// Reads the committed state with its number.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn read<T: Send + 'static>(
        &self,
        id: &EntityId,
        read: impl FnOnce(&E::Aggregate, Seq) -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        let _permit = self.permit()?;
        let (actor, pass) = self.shared.enter(id, self.shared.limits.calls_per_entity, Origin::Stored)?;
        let (reply, answer) = oneshot::channel();
        let reader = Box::new(move |state: &E::Aggregate, seq| drop(reply.send(read(state, seq))));
        send(&actor, Message::Read { reader, pass })?;
        self.within_deadline(answer).await
    }

    /// Waits for a committed state of which `seen` makes something.
    ///
    /// # Errors
    /// Why it was not seen; `TimedOut` when it did not come about within `deadline`.
    pub async fn watch<T: Send + 'static>(
        &self,
        id: &EntityId,
        deadline: Duration,
        seen: impl FnMut(&E::Aggregate) -> Option<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.follow(id, deadline, seen, Origin::Stored).await
    }

    /// The same for an entity whose id was just made and that somebody is about to send its first command.
    ///
    /// # Errors
    /// As for [`Directory::watch`].
    pub async fn watch_new<T: Send + 'static>(
        &self,
        id: &EntityId,
        deadline: Duration,
        seen: impl FnMut(&E::Aggregate) -> Option<T> + Send + 'static,
    ) -> Result<T, Unavailable> {
        self.follow(id, deadline, seen, Origin::New).await
    }

    async fn follow<T: Send + 'static>(
        &self,
        id: &EntityId,
        deadline: Duration,
        mut seen: impl FnMut(&E::Aggregate) -> Option<T> + Send + 'static,
        origin: Origin,
    ) -> Result<T, Unavailable> {
        let _permit = self.permit()?;
        let _watched = self.shared.peers.is_some().then(|| Watched::new(&self.shared, id));
        let (actor, pass) = self.shared.enter(id, self.shared.limits.calls_per_entity, origin)?;
        let (reply, answer) = oneshot::channel();
        let mut reply = Some(reply);
        let watcher = Box::new(move |state: &E::Aggregate| match (&reply, seen(state)) {
            (Some(waiting), None) => waiting.is_closed(),
            (_, Some(value)) => {
                if let Some(reply) = reply.take() {
                    let _ = reply.send(value);
                }
                true
            }
            (None, None) => true,
        });
        send(&actor, Message::Watch { watcher, pass, origin })?;
        match tokio::time::timeout(deadline, answer).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) => Err(Unavailable::Crashed),
            Err(_) => Err(Unavailable::TimedOut),
        }
    }

    /// Wakes an entity because something is due, and lets its process go on. Where other nodes write too it may be
    /// theirs to go on with: see [`Directory::wake_overdue`].
    pub fn wake(&self, id: &EntityId) {
        if self.shared.peers.is_some() {
            self.tell(id, Message::Wake(Waking::Due));
        } else {
            self.shared.wake(id);
        }
    }

    /// Puts an entity to sleep once what it has taken in is durable and answered. Whoever calls it next finds it as its
    /// journal tells it.
    pub async fn put_to_sleep(&self, id: &EntityId) {
        let Some((actor, gate)) =
            self.shared.active.get(id).map(|activation| (activation.actor.clone(), Arc::clone(&activation.gate)))
        else {
            return;
        };
        if actor.send_message(Message::Stop).is_err() {
            return;
        }
        loop {
            let gone = self.shared.gone.notified();
            let is_there = self.shared.active.get(id).is_some_and(|activation| Arc::ptr_eq(&activation.gate, &gate));
            if !is_there {
                return;
            }
            // Somebody else may have taken its place without a notice.
            let _ = tokio::time::timeout(Duration::from_millis(50), gone).await;
        }
    }

    /// Wakes an entity that nobody went on with.
    pub fn wake_overdue(&self, id: &EntityId) {
        self.shared.wake(id);
    }

    pub(crate) fn has_peers(&self) -> bool {
        self.shared.peers.is_some()
    }

    pub(crate) fn journal(&self) -> &dyn Journal {
        &**self.shared.entity.journal()
    }

    /// Another node has written an entity. Who is alive goes along; who is not is woken only where somebody follows.
    pub(crate) fn moved(&self, id: &EntityId, moved: Moved, follow: Follow) {
        let known = self.known(id);
        match known {
            Some(known) if known >= moved.head => {}
            Some(_) => self.tell(id, Message::Moved(moved)),
            // It is read when it is made.
            None if follow == Follow::Awake => {
                drop(self.shared.enter(id, INTERNAL_CALLS_PER_ENTITY, Origin::Stored));
            }
            None => {}
        }
    }

    /// Another node wants to write an entity that this one writes all the time.
    pub(crate) fn leave_a_gap(&self, id: &EntityId) {
        self.tell(id, Message::LeaveAGap);
    }

    /// Up to where an entity that is alive knows its journal.
    pub(crate) fn known(&self, id: &EntityId) -> Option<Seq> {
        self.shared.active.get(id).map(|activation| activation.head.load(Ordering::Acquire))
    }

    /// The entities that callers wait for.
    pub(crate) fn watched(&self) -> Vec<EntityId> {
        self.shared.watched().keys().cloned().collect()
    }

    pub fn vitals(&self) -> Vitals {
        let shared = &self.shared;
        Vitals {
            alive: shared.active.len(),
            waiting: shared.active.iter().map(|activation| u64::from(activation.gate.inside())).sum(),
            restarts: shared.restarts.load(Ordering::Relaxed),
            passivated: shared.passivated.load(Ordering::Relaxed),
        }
    }

    /// Puts idle entities to sleep, the most when there are too many alive, and forgets old crashes. Nobody else is
    /// disturbed: to wake all that are alive would cost more than most of them do.
    pub(super) fn tidy(&self) {
        let now = self.shared.clock.now();
        self.shared.crashes.retain(|_, crash| now.since(crash.at) < Duration::from_secs(60));
        let idle_after = self.shared.idle_after();
        let used_at = |activation: &Activation<E>| Timestamp::from_millis(activation.used_at.load(Ordering::Relaxed));
        for id in self.ids(|activation| now.since(used_at(activation)) >= idle_after) {
            self.tell(&id, Message::Sleep);
        }
    }

    /// Stops every entity once what it has taken in is durable and answered. Nobody gets in any more.
    pub async fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Release);
        for id in self.ids(|_| true) {
            self.tell(&id, Message::Stop);
        }
        loop {
            let gone = self.shared.gone.notified();
            if self.shared.active.is_empty() {
                break;
            }
            gone.await;
        }
    }

    /// Those that are alive and wanted, in the order of their ids: the map's own order differs from run to run.
    fn ids(&self, wanted: impl Fn(&Activation<E>) -> bool) -> Vec<EntityId> {
        let alive = self.shared.active.iter().filter(|entry| wanted(entry.value()));
        let mut ids: Vec<EntityId> = alive.map(|entry| entry.key().clone()).collect();
        ids.sort_unstable();
        ids
    }

    fn tell(&self, id: &EntityId, message: Message<E>) {
        if let Some(activation) = self.shared.active.get(id) {
            let _ = activation.actor.send_message(message);
        }
    }

    fn permit(&self) -> Result<OwnedSemaphorePermit, Unavailable> {
        Arc::clone(&self.shared.calls).try_acquire_owned().map_err(|_| Unavailable::Busy)
    }

    async fn within_deadline<T>(&self, answer: oneshot::Receiver<T>) -> Result<T, Unavailable> {
        match tokio::time::timeout(self.shared.limits.call_deadline, answer).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(if self.shared.is_stopping() { Unavailable::Stopping } else { Unavailable::Crashed }),
            Err(_) => Err(Unavailable::TimedOut),
        }
    }
}

fn send<E: Entity>(actor: &ActorRef<Message<E>>, message: Message<E>) -> Result<(), Unavailable> {
    actor.send_message(message).map_err(|_| Unavailable::Crashed)
}

impl<E: Entity> Shared<E> {
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub fn wake(self: &Arc<Self>, id: &EntityId) {
        if let Ok((actor, _pass)) = self.enter(id, INTERNAL_CALLS_PER_ENTITY, Origin::Stored) {
            let _ = actor.send_message(Message::Wake(Waking::Overdue));
        }
    }

    /// Counts are never half changed, so a panic elsewhere does not spoil them.
    fn watched(&self) -> MutexGuard<'_, BTreeMap<EntityId, usize>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sooner than configured when more are alive than should be.
    pub fn idle_after(&self) -> Duration {
        if self.active.len() > self.limits.alive { Duration::ZERO } else { self.limits.idle_after }
    }

    /// A place at the entity's gate; activates it if it sleeps.
    pub fn enter(
        self: &Arc<Self>,
        id: &EntityId,
        most: u32,
        origin: Origin,
    ) -> Result<(ActorRef<Message<E>>, Pass), Unavailable> {
        if self.is_stopping() {
            return Err(Unavailable::Stopping);
        }
        let now = self.clock.now();
        if let Some(activation) = self.active.get(id) {
            activation.used_at.store(now.as_millis(), Ordering::Relaxed);
            match activation.gate.enter(most) {
                Ok(pass) => return Ok((activation.actor.clone(), pass)),
                Err(Denied::Full) => return Err(Unavailable::Busy),
                Err(Denied::Closed) => {}
            }
        }
        self.activate(id, most, origin, now)
    }

    fn activate(
        self: &Arc<Self>,
        id: &EntityId,
        most: u32,
        origin: Origin,
        now: Timestamp,
    ) -> Result<(ActorRef<Message<E>>, Pass), Unavailable> {
        if self.crashes.get(id).is_some_and(|crash| now < crash.restart_at) {
            return Err(Unavailable::Crashed);
        }
        // Tidying brings the number down; this bound only holds while it cannot.
        if self.active.len() >= self.limits.alive.saturating_mul(2) {
            return Err(Unavailable::Busy);
        }
        let entry = self.active.entry(id.clone());
        if let Entry::Occupied(occupied) = &entry
            && let Ok(pass) = occupied.get().gate.enter(most)
        {
            return Ok((occupied.get().actor.clone(), pass));
        }
        let gate = Arc::new(Gate::default());
        let pass = gate.enter(most).map_err(|_| Unavailable::Busy)?;
        let head = Arc::new(AtomicU64::new(0));
        let actor = self.spawn(id, &gate, &head, origin)?;
        let activation = Activation { actor: actor.clone(), gate, used_at: AtomicI64::new(now.as_millis()), head };
        match entry {
            Entry::Occupied(mut occupied) => drop(occupied.insert(activation)),
            Entry::Vacant(vacant) => drop(vacant.insert(activation)),
        }
        Ok((actor, pass))
    }

    fn spawn(
        self: &Arc<Self>,
        id: &EntityId,
        gate: &Arc<Gate>,
        head: &Arc<AtomicU64>,
        origin: Origin,
    ) -> Result<ActorRef<Message<E>>, Unavailable> {
        let supervisor = self.supervisor.get().ok_or(Unavailable::Stopping)?;
        let (gate, head) = (Arc::clone(gate), Arc::clone(head));
        let actor = EntityActor { shared: Arc::clone(self), id: id.clone(), gate, head };
        let (actor, _) = ractor::ActorRuntime::spawn_linked_instant(None, actor, origin, supervisor.clone())
            .map_err(|_| Unavailable::Stopping)?;
        self.names.insert(actor.get_id(), id.clone());
        Ok(actor)
    }

    /// Takes an activation out of the directory, unless another one took its place.
    pub fn forget(&self, id: &EntityId, gate: &Arc<Gate>) {
        if self.active.remove_if(id, |_, activation| Arc::ptr_eq(&activation.gate, gate)).is_some() {
            self.gone.notify_waiters();
        }
    }
}
