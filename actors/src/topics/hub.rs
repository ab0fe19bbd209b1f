//! Hands what became durable to all who follow its topic. A frame is encoded once and its bytes are
//! shared. States are merged: whoever watches a hot product gets its newest state a few times a
//! second, however often it changes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use dashmap::DashMap;
use souk_domain::aggregate::Seq;
use souk_persistence::bus::{Bus, Notice as BusNotice};
use tokio::time::Instant;

use super::outbox::{Notice, Outbox};
use super::topic::Topic;

/// The bus's channel of signals.
pub(crate) const SIGNALS: &str = "signals";

/// The least time between two states of one topic.
const STATE_INTERVAL: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Followed {
    followers: Vec<Outbox>,
    state: MergedState,
}

#[derive(Default)]
struct MergedState {
    waiting: Option<(Seq, Bytes)>,
    sent_at: Option<Instant>,
    sent_seq: Seq,
    scheduled: bool,
}

type Slot = Arc<Mutex<Followed>>;

/// All topics that anybody follows. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub {
    topics: Arc<DashMap<Topic, Slot>>,
    /// Where other nodes are told of signals, which are in no journal.
    bus: Option<Arc<dyn Bus>>,
}

/// Follows a topic until it is dropped.
pub struct Subscription {
    hub: Hub,
    topic: Topic,
    outbox: u64,
}

impl Hub {
    /// One whose signals reach the followers of other nodes too.
    pub fn among(bus: Arc<dyn Bus>) -> Self {
        Self { bus: Some(bus), ..Self::default() }
    }

    /// From now on `outbox` gets whatever is published under the topic.
    #[must_use = "dropping the subscription ends it"]
    pub fn subscribe(&self, topic: Topic, outbox: Outbox) -> Subscription {
        let subscription = Subscription { hub: self.clone(), topic, outbox: outbox.id() };
        // Under the map's own lock, so that the last follower's leaving cannot take the slot away.
        let slot = self.topics.entry(topic).or_default();
        lock(&slot).followers.push(outbox);
        subscription
    }

    /// How many follow anything, each topic counted.
    pub fn subscriptions(&self) -> usize {
        self.topics.iter().map(|slot| lock(&slot).followers.len()).sum()
    }

    /// All topics that anybody follows, in their order: the map's own differs from run to run.
    pub(crate) fn followed(&self) -> Vec<Topic> {
        let mut topics: Vec<Topic> = self.topics.iter().map(|slot| *slot.key()).collect();
        topics.sort_unstable();
        topics
    }

    pub fn has_followers(&self, topic: Topic) -> bool {
        self.topics.contains_key(&topic)
    }

    /// An entry of a log topic. Called in the order of the numbers.
    pub fn publish_entry(&self, topic: Topic, seq: Seq, frame: &Bytes) {
        self.each(topic, |follower| follower.send(Notice::Entry { topic, seq, frame: frame.clone() }));
    }

    /// Something that is told and forgotten, such as typing. `from` does not hear itself.
    pub fn signal(&self, topic: Topic, frame: &Bytes, from: u64) {
        if let Some(bus) = &self.bus {
            let (channel, about) = (SIGNALS.into(), topic.to_string().into());
            bus.publish(vec![BusNotice { channel, about, seq: None, payload: frame.clone() }]);
        }
        self.signal_here(topic, frame, Some(from));
    }

    /// A signal of another node's follower.
    pub(crate) fn signal_from_afar(&self, topic: Topic, frame: &Bytes) {
        self.signal_here(topic, frame, None);
    }

    fn signal_here(&self, topic: Topic, frame: &Bytes, from: Option<u64>) {
        self.each(topic, |follower| {
            if Some(follower.id()) != from {
                follower.send(Notice::Signal { topic, frame: frame.clone() });
            }
        });
    }

    /// The newest state of a state topic, as JSON. It is sent at once, or merged with what comes
    /// within the interval.
    pub fn publish_state(&self, topic: Topic, seq: Seq, state: &Bytes) {
        let Some(slot) = self.slot(topic) else { return };
        let mut followed = lock(&slot);
        let merged = &mut followed.state;
        if seq < merged.sent_seq || merged.waiting.as_ref().is_some_and(|(waiting, _)| seq < *waiting) {
            return;
        }
        merged.waiting = Some((seq, state.clone()));
        let rest = merged.sent_at.map_or(Duration::ZERO, |sent| STATE_INTERVAL.saturating_sub(sent.elapsed()));
        if rest.is_zero() && !merged.scheduled {
            send_state(topic, &mut followed);
        } else if !merged.scheduled {
            merged.scheduled = true;
            drop(followed);
            tokio::spawn(async move {
                tokio::time::sleep(rest).await;
                let mut followed = lock(&slot);
                followed.state.scheduled = false;
                send_state(topic, &mut followed);
            });
        }
    }

    fn slot(&self, topic: Topic) -> Option<Slot> {
        self.topics.get(&topic).map(|slot| Arc::clone(&slot))
    }

    fn each(&self, topic: Topic, tell: impl FnMut(&Outbox)) {
        if let Some(slot) = self.slot(topic) {
            lock(&slot).followers.iter().for_each(tell);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.topics.remove_if(&self.topic, |_, slot| {
            let mut followed = lock(slot);
            followed.followers.retain(|follower| follower.id() != self.outbox);
            followed.followers.is_empty()
        });
    }
}

fn send_state(topic: Topic, followed: &mut Followed) {
    let Some((seq, state)) = followed.state.waiting.take() else { return };
    followed.state.sent_at = Some(Instant::now());
    followed.state.sent_seq = seq;
    let frame = state_frame(topic, seq, &state);
    for follower in &followed.followers {
        follower.send(Notice::State { topic, seq, frame: frame.clone() });
    }
}

/// `{"topic":"product:ID","seq":9,"state":{...}}`.
pub fn state_frame(topic: Topic, seq: Seq, state: &[u8]) -> Bytes {
    let mut frame = format!("{{\"topic\":\"{topic}\",\"seq\":{seq},\"state\":").into_bytes();
    frame.extend_from_slice(state);
    frame.push(b'}');
    frame.into()
}

/// `{"topic":"room:ID","seq":58,"event":{...}}`: an entry is the same whether it is live or read back.
pub fn entry_frame(topic: Topic, seq: Seq, event: &impl serde::Serialize) -> Bytes {
    let mut frame = format!("{{\"topic\":\"{topic}\",\"seq\":{seq},\"event\":").into_bytes();
    serde_json::to_writer(&mut frame, event).expect("events serialise to JSON");
    frame.push(b'}');
    frame.into()
}

/// A follower's queue never panics while it is held, so the lock cannot really be poisoned.
fn lock(slot: &Slot) -> std::sync::MutexGuard<'_, Followed> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::outbox::outbox;
    use super::*;
    use souk_domain::id::{ProductId, room_id};

    fn frame(text: &str) -> Bytes {
        Bytes::copy_from_slice(text.as_bytes())
    }

    #[tokio::test]
    async fn all_followers_get_all_entries_in_order() {
        let (hub, topic) = (Hub::default(), Topic::Room(room_id("product", "x")));
        let (one, mut first, _) = outbox(8);
        let (two, mut second, _) = outbox(8);
        let _following = (hub.subscribe(topic, one), hub.subscribe(topic, two));
        for seq in 1..=3 {
            hub.publish_entry(topic, seq, &frame("{}"));
        }
        for inbox in [&mut first, &mut second] {
            for expected in 1..=3 {
                assert!(matches!(inbox.recv().await, Some(Notice::Entry { seq, .. }) if seq == expected));
            }
        }
    }

    #[tokio::test]
    async fn a_follower_that_falls_behind_is_cut_off_alone() {
        let (hub, topic) = (Hub::default(), Topic::Room(room_id("product", "x")));
        let (slow, _unread, behind) = outbox(1);
        let (quick, mut read, fine) = outbox(8);
        let _following = (hub.subscribe(topic, slow), hub.subscribe(topic, quick));
        hub.publish_entry(topic, 1, &frame("{}"));
        hub.publish_entry(topic, 2, &frame("{}"));
        assert!(behind.happened() && !fine.happened());
        assert!(read.recv().await.is_some() && read.recv().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn states_are_merged_and_the_newest_always_arrives() {
        let (hub, topic) = (Hub::default(), Topic::Product(ProductId::from_uuid(uuid::Uuid::from_u128(1))));
        let (outbox, mut inbox, _) = outbox(64);
        let _following = hub.subscribe(topic, outbox);
        for seq in 1..=1_000 {
            hub.publish_state(topic, seq, &frame("{}"));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(STATE_INTERVAL * 2).await;
        let mut seen = Vec::new();
        while let Ok(Notice::State { seq, .. }) = inbox.try_recv() {
            seen.push(seq);
        }
        assert!(seen.is_sorted() && seen.first() == Some(&1) && seen.last() == Some(&1_000), "{seen:?}");
        assert!(seen.len() <= 12, "a thousand changes in a second are a few frames: {}", seen.len());
    }

    #[tokio::test]
    async fn an_ended_subscription_leaves_nothing_behind() {
        let (hub, topic) = (Hub::default(), Topic::Status);
        let (outbox, _inbox, _) = outbox(1);
        drop(hub.subscribe(topic, outbox));
        assert!(!hub.has_followers(topic));
    }
}
