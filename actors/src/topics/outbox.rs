//! A follower's queue. It has a bound: a follower that does not keep up is cut off from its topics
//! and told where to resume, and never slows the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use souk_domain::aggregate::Seq;
use tokio::sync::{Notify, mpsc};

use super::topic::Topic;

/// Something a follower is told. The bytes are the whole frame, encoded once for all followers.
#[derive(Debug, Clone)]
pub enum Notice {
    /// Of a log topic: `{"topic","seq","event"}`.
    Entry { topic: Topic, seq: Seq, frame: Bytes },
    /// Of a state topic: `{"topic","seq","state"}`.
    State { topic: Topic, seq: Seq, frame: Bytes },
    /// Not kept anywhere: `{"topic","signal"}`.
    Signal { topic: Topic, frame: Bytes },
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// The sending end, shared by all topics that a follower follows.
#[derive(Debug, Clone)]
pub struct Outbox {
    id: u64,
    sender: mpsc::Sender<Notice>,
    overflow: Arc<Overflow>,
}

/// Whether a follower fell behind.
#[derive(Debug, Default)]
pub struct Overflow {
    happened: AtomicBool,
    notify: Notify,
}

impl Overflow {
    pub fn happened(&self) -> bool {
        self.happened.load(Ordering::Acquire)
    }

    /// Returns once the follower fell behind.
    pub async fn wait(&self) {
        loop {
            let notified = self.notify.notified();
            if self.happened() {
                return;
            }
            notified.await;
        }
    }
}

/// A new queue for `capacity` notices.
pub fn outbox(capacity: usize) -> (Outbox, mpsc::Receiver<Notice>, Arc<Overflow>) {
    let (sender, receiver) = mpsc::channel(capacity);
    let overflow = Arc::new(Overflow::default());
    let outbox = Outbox { id: NEXT.fetch_add(1, Ordering::Relaxed), sender, overflow: Arc::clone(&overflow) };
    (outbox, receiver, overflow)
}

impl Outbox {
    /// Tells outboxes apart.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Puts a notice into the queue. A signal that does not fit is dropped; anything else that does
    /// not fit marks the follower as fallen behind.
    pub fn send(&self, notice: Notice) {
        if self.overflow.happened() {
            return;
        }
        let lossy = matches!(notice, Notice::Signal { .. });
        if self.sender.try_send(notice).is_err() && !lossy {
            self.overflow.happened.store(true, Ordering::Release);
            self.overflow.notify.notify_waiters();
        }
    }
}
