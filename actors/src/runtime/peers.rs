//! The other nodes on the same store, as one kind of entity sees them: it tells them what it wrote, asks how far a
//! journal is before it answers from memory, and lets them have their turn at an entity that all want to write.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use souk_domain::aggregate::Seq;
use souk_domain::time::Timestamp;
use souk_persistence::bus::{Bus, Notice};
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Journal};
use tokio::sync::oneshot;

/// Entities whose heads are asked for at once.
const MOST_HEADS: usize = 1_000;

/// Whether the events themselves go over the bus. Personal values are sealed in the stores and nowhere else, so kinds
/// that have any tell their number only, and whoever needs the events reads the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    Number,
    Events,
}

#[derive(Clone)]
pub struct Peers {
    bus: Arc<dyn Bus>,
    channel: Arc<str>,
    heads: Arc<Heads>,
}

/// Events on their way to another node.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Told {
    pub first: Seq,
    pub at: Timestamp,
    pub events: Vec<Box<RawValue>>,
}

/// What was heard of an entity.
#[derive(Debug)]
pub(crate) struct Moved {
    pub head: Seq,
    /// [`Told`] as JSON, or nothing.
    pub news: Bytes,
}

impl Moved {
    /// Heard without the events.
    pub(crate) fn to(head: Seq) -> Self {
        Self { head, news: Bytes::new() }
    }

    pub(super) fn told(&self) -> Option<Told> {
        if self.news.is_empty() { None } else { serde_json::from_slice(&self.news).ok() }
    }
}

impl Peers {
    pub fn new(bus: Arc<dyn Bus>, kind: &str, journal: Arc<dyn Journal>) -> Self {
        Self { bus, channel: kind.into(), heads: Arc::new(Heads::new(journal)) }
    }

    /// Tells the other nodes where an entity is now.
    pub(super) fn tell(&self, id: &EntityId, head: Seq, news: Option<&Told>) {
        let payload = news.and_then(|told| serde_json::to_vec(told).ok()).unwrap_or_default().into();
        self.publish(id, Some(head), payload);
    }

    /// Asks whoever writes this entity now to leave a gap: two nodes that want to write the same entity would else
    /// depend on luck, and the one that has to read first would hardly ever have any.
    pub(super) fn ask_for_a_turn(&self, id: &EntityId) {
        self.publish(id, None, Bytes::new());
    }

    fn publish(&self, id: &EntityId, seq: Option<Seq>, payload: Bytes) {
        let (channel, about) = (Arc::clone(&self.channel), id.as_str().into());
        self.bus.publish(vec![Notice { channel, about, seq, payload }]);
    }

    /// Where an entity's journal stands now.
    ///
    /// # Errors
    /// When the store cannot say.
    pub(super) async fn head(&self, id: EntityId) -> Result<Seq, StoreError> {
        self.heads.of(id).await
    }
}

type Asked = (EntityId, oneshot::Sender<Result<Seq, StoreError>>);

/// Asks for many heads at once: whoever comes while a question is under way is part of the next one.
struct Heads {
    journal: Arc<dyn Journal>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    asked: Vec<Asked>,
    under_way: bool,
}

impl Heads {
    fn new(journal: Arc<dyn Journal>) -> Self {
        Self { journal, waiting: Mutex::default() }
    }

    async fn of(self: &Arc<Self>, id: EntityId) -> Result<Seq, StoreError> {
        let (reply, answer) = oneshot::channel();
        let begins = {
            let mut waiting = self.lock();
            waiting.asked.push((id, reply));
            !std::mem::replace(&mut waiting.under_way, true)
        };
        if begins {
            tokio::spawn(Arc::clone(self).ask());
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Unavailable("nobody asked for the head".to_owned())))
    }

    async fn ask(self: Arc<Self>) {
        while let Some(asked) = self.next() {
            let (ids, replies): (Vec<EntityId>, Vec<_>) = asked.into_iter().unzip();
            let heads = self.journal.heads(&ids).await;
            for (place, reply) in replies.into_iter().enumerate() {
                let head = match &heads {
                    Ok(heads) => heads.get(place).copied().ok_or_else(|| {
                        StoreError::Damaged(format!("{} heads for {} entities", heads.len(), ids.len()))
                    }),
                    Err(error) => Err(error.clone()),
                };
                let _ = reply.send(head);
            }
        }
    }

    fn next(&self) -> Option<Vec<Asked>> {
        let mut waiting = self.lock();
        let count = waiting.asked.len().min(MOST_HEADS);
        waiting.under_way = count > 0;
        (count > 0).then(|| waiting.asked.drain(..count).collect())
    }

    /// A list of questions is never half changed, so a panic elsewhere does not spoil it.
    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
