//! Watches over the entities of one kind. A crash restarts that entity alone, from its journal, after
//! a pause that grows while it keeps crashing; its callers are told to try again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, SupervisionEvent};
use souk_persistence::journal::EntityId;

use super::actor::{Message, Origin, StoreTrouble, Waking};
use super::directory::{Crash, Shared};
use super::entity::Entity;

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Of an entity whose store is away: it is well again as soon as the store is, and reading it costs one statement.
const LONGEST_PAUSE_OF_A_STORE: Duration = Duration::from_millis(500);
/// After so many crashes in a row nobody restarts it any more; the next caller does.
const EAGER_RESTARTS: u32 = 5;

pub(super) struct Supervisor<E: Entity> {
    pub shared: Arc<Shared<E>>,
}

impl<E: Entity> Actor for Supervisor<E> {
    type Msg = EntityId;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _myself: ActorRef<EntityId>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    /// The pause after a crash is over.
    async fn handle(
        &self,
        _myself: ActorRef<EntityId>,
        id: EntityId,
        _state: &mut (),
    ) -> Result<(), ActorProcessingErr> {
        match self.shared.enter(&id, u32::MAX >> 1, Origin::Stored) {
            // Its process went on here before the crash.
            Ok((actor, _pass)) if self.shared.peers.is_some() => {
                drop(actor.send_message(Message::Wake(Waking::Overdue)));
            }
            Ok(_) => {}
            Err(cause) => tracing::debug!(entity = %id, %cause, "not restarted"),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<EntityId>,
        event: SupervisionEvent,
        _state: &mut (),
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(who, cause) => self.crashed(&myself, &who, &cause),
            SupervisionEvent::ActorTerminated(who, ..) => drop(self.shared.names.remove(&who.get_id())),
            _ => {}
        }
        Ok(())
    }
}

impl<E: Entity> Supervisor<E> {
    fn crashed(&self, myself: &ActorRef<EntityId>, who: &ActorCell, cause: &ActorProcessingErr) {
        let shared = &self.shared;
        let Some((_, id)) = shared.names.remove(&who.get_id()) else { return };
        let gate = shared.active.get(&id).filter(|a| a.actor.get_id() == who.get_id()).map(|a| Arc::clone(&a.gate));
        let longest = if cause.is::<StoreTrouble>() { LONGEST_PAUSE_OF_A_STORE } else { LONGEST_PAUSE };
        let (now, mut pause) = (shared.clock.now(), FIRST_PAUSE);
        let mut count = 1;
        if let Some(before) = shared.crashes.get(&id) {
            count = before.count.saturating_add(1);
            pause = FIRST_PAUSE.saturating_mul(1 << before.count.min(10)).min(longest);
        }
        shared.crashes.insert(id.clone(), Crash { count, at: now, restart_at: now.plus(pause) });
        shared.restarts.fetch_add(1, Ordering::Relaxed);
        if let Some(gate) = gate {
            gate.close();
            shared.forget(&id, &gate);
        }
        tracing::error!(entity = %id, %cause, count, pause_ms = pause.as_millis(), "an entity crashed and is restarted from its journal");
        if count <= EAGER_RESTARTS && !shared.is_stopping() {
            let myself = myself.clone();
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                let _ = myself.send_message(id);
            });
        }
    }
}
