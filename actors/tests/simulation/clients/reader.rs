//! Follows the room as a live session does: the journal from the last number it saw, then the live tail, and the
//! journal again after a gap; each entry once, in order.
//! Its queue is short, so that it falls behind now and then and has to come back.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;
use souk_actors::topics::outbox::{Notice, outbox};
use souk_actors::topics::start::TopicStart;
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::Viewer;
use souk_persistence::journal::EntityId;

use super::Visit;
use crate::history::Message;
use crate::stores::Writer;
use crate::world::lock;

/// A follower that hears nothing for so long, knows everything.
const SILENCE: Duration = Duration::from_secs(6);
const QUEUE: usize = 6;
const PAGE: usize = 5;

#[derive(Default)]
pub struct Reader {
    seen: Mutex<u64>,
}

impl Reader {
    pub async fn live(&self, visit: &Visit) {
        loop {
            visit.think(2_000).await;
            self.follow(visit).await;
        }
    }

    /// Until it falls behind or has enough for now.
    async fn follow(&self, visit: &Visit) {
        let (world, topic) = (&visit.site.world, Topic::Room(visit.room));
        let (sender, mut inbox, overflow) = outbox(QUEUE);
        let _subscription = visit.market.hub.subscribe(topic, sender);
        if !self.catch_up(visit).await {
            return;
        }
        for _ in 0..world.below(40) {
            let notice = tokio::time::timeout(SILENCE, inbox.recv()).await;
            let Ok(notice) = notice else { return self.expect_nothing_new(visit) };
            let Some(Notice::Entry { seq, frame, .. }) = notice else { return };
            let seen = *lock(&self.seen);
            // What came live while the journal was read is there twice; after a gap the journal has what is missing.
            if seq == seen + 1 {
                self.take(visit, seq, &frame);
            } else if seq > seen && !self.catch_up(visit).await {
                return;
            }
            if overflow.happened() {
                return;
            }
            if world.happens(200) {
                visit.think(1_500).await;
            }
        }
    }

    /// Reads the journal page by page up to where the topic stands; whether it got there.
    async fn catch_up(&self, visit: &Visit) -> bool {
        let topic = Topic::Room(visit.room);
        loop {
            let since = *lock(&self.seen);
            let start = visit.market.topic(topic, Some(since), PAGE, &Viewer::default()).await;
            let Ok(TopicStart::Log { seq, entries }) = start else { return false };
            for (number, frame) in entries {
                self.take(visit, number, &frame);
            }
            if *lock(&self.seen) >= seq {
                return true;
            }
        }
    }

    /// It was silent for long: then there is nothing that it does not know.
    fn expect_nothing_new(&self, visit: &Visit) {
        let (world, room) = (&visit.site.world, EntityId::new(visit.room));
        let chat = &visit.site.stores.chat;
        let head = chat.books().entities.get(&room).map_or(0, |kept| kept.events.len() as u64);
        let Some(newest) = chat.newest(&room) else { return };
        let long_ago = world.passed().saturating_sub(newest.at) >= SILENCE;
        let calls_are_slow = world.weather().is_none_or(|weather| weather.slow > 0);
        let seen = *lock(&self.seen);
        if seen < head && long_ago && newest.writer == Writer::Actor && !calls_are_slow {
            world.history().violated(format!("a follower is told of everything: it saw {seen} of {head}"));
        }
    }

    fn take(&self, visit: &Visit, seq: u64, frame: &Bytes) {
        let mut history = visit.site.world.history();
        let mut seen = lock(&self.seen);
        if seq != *seen + 1 {
            history.violated(format!("a reader sees every entry once, in order: {seq} after {seen}"));
        }
        *seen = seq;
        let frame: serde_json::Value = serde_json::from_slice(frame).unwrap_or_default();
        let message = &frame["event"]["message"];
        if let (Some(id), Some(text)) = (message["id"].as_str(), message["text"].as_str()) {
            history.read(visit.room, Message { seq, id: id.to_owned(), text: text.to_owned() });
        }
    }
}
