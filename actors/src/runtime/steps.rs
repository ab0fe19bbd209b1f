//! Carries out what an entity's process has to do next: one step at a time, again with growing
//! pauses until it is done. Its outcome comes back as a command.

use std::sync::Arc;
use std::time::Duration;

use ractor::ActorRef;
use tokio::task::AbortHandle;

use super::actor::{EntityActor, Message};
use super::entity::Entity;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(super) struct Steps {
    running: Option<AbortHandle>,
    failures: u32,
}

impl Steps {
    pub fn busy(&self) -> bool {
        self.running.is_some()
    }

    pub fn start<E: Entity>(
        &mut self,
        actor: &EntityActor<E>,
        myself: &ActorRef<Message<E>>,
        state: E::Aggregate,
        step: E::Step,
    ) {
        let (entity, id, myself) = (Arc::clone(&actor.shared.entity), actor.id.clone(), myself.clone());
        let task = tokio::spawn(async move {
            let message = match entity.perform(id, state, step).await {
                Ok(commands) => Message::StepDone(commands),
                Err(failed) => Message::StepFailed(failed.0),
            };
            let _ = myself.send_message(message);
        });
        self.running = Some(task.abort_handle());
    }

    /// The pause after a failure is over.
    pub fn done(&mut self) {
        self.running = None;
    }

    pub fn failed<E: Entity>(&mut self, actor: &EntityActor<E>, myself: &ActorRef<Message<E>>, reason: &str) {
        let longest = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        let pause = longest / 2 + actor.shared.chance.jitter(longest / 2);
        self.failures = self.failures.saturating_add(1);
        tracing::debug!(entity = %actor.id, reason, pause_ms = pause.as_millis(), "a step is tried again later");
        let myself = myself.clone();
        let timer = tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            let _ = myself.send_message(Message::RetryStep);
        });
        self.running = Some(timer.abort_handle());
    }

    pub fn succeeded(&mut self) {
        self.running = None;
        self.failures = 0;
    }

    pub fn abort(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
        }
    }
}
