//! The bounded queue between a bus and whoever listens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::port::{Heard, Notice};

/// What may wait to be heard. More than that is dropped, and the listener is told of a gap instead.
const MOST_NOTICES: usize = 65_536;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// What the other nodes say, in order.
#[derive(Debug)]
pub struct Listener {
    queue: Arc<Queue>,
}

/// The bus's end.
#[derive(Debug, Clone)]
pub(super) struct Speaker {
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    heard: VecDeque<Heard>,
    bytes: usize,
    /// The last of `Lost` and `Gap` was a `Lost`.
    lost: bool,
    closed: bool,
}

pub(super) fn listener() -> (Speaker, Listener) {
    let queue = Arc::new(Queue::default());
    (Speaker { queue: Arc::clone(&queue) }, Listener { queue })
}

impl Listener {
    /// Waits for the next one; none once the bus is closed and everything was heard.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            let changed = self.queue.changed.notified();
            {
                let mut waiting = self.queue.lock();
                if let Some(heard) = waiting.heard.pop_front() {
                    waiting.bytes -= size(&heard);
                    return Some(heard);
                }
                if waiting.closed {
                    return None;
                }
            }
            changed.await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut waiting = self.queue.lock();
        waiting.closed = true;
        waiting.heard.clear();
    }
}

impl Speaker {
    pub fn notice(&self, notice: Notice) {
        let mut waiting = self.queue.lock();
        if waiting.closed {
            return;
        }
        let heard = Heard::Notice(notice);
        let bytes = size(&heard);
        if waiting.heard.len() >= MOST_NOTICES || waiting.bytes + bytes > MOST_BYTES {
            tracing::warn!(waiting = waiting.heard.len(), "notices of other nodes are not taken fast enough");
            waiting.overflow();
        } else {
            waiting.bytes += bytes;
            waiting.heard.push_back(heard);
        }
        drop(waiting);
        self.queue.changed.notify_one();
    }

    pub fn lost(&self) {
        self.mark(Heard::Lost);
    }

    pub fn gap(&self) {
        self.mark(Heard::Gap);
    }

    /// The listener hears what waits, and then that it was all.
    pub fn close(&self) {
        self.queue.lock().closed = true;
        self.queue.changed.notify_one();
    }

    /// Marks take no room: two that follow each other are one.
    fn mark(&self, mark: Heard) {
        let mut waiting = self.queue.lock();
        if waiting.closed {
            return;
        }
        waiting.lost = mark == Heard::Lost;
        if waiting.heard.back() != Some(&mark) {
            waiting.heard.push_back(mark);
            if waiting.heard.len() > 2 * MOST_NOTICES {
                waiting.overflow();
            }
        }
        drop(waiting);
        self.queue.changed.notify_one();
    }
}

impl Waiting {
    /// Drops everything: who has missed one of them has to look at the stores anyway.
    fn overflow(&mut self) {
        self.heard.clear();
        self.bytes = 0;
        self.heard.push_back(Heard::Gap);
        if self.lost {
            self.heard.push_back(Heard::Lost);
        }
    }
}

impl Queue {
    /// A queue is never half changed, so a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(heard: &Heard) -> usize {
    match heard {
        Heard::Notice(Notice { channel: _, about: _, seq: _, payload }) => payload.len() + 64,
        Heard::Lost | Heard::Gap => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn notice(seq: u64, bytes: usize) -> Notice {
        Notice { channel: "rooms".into(), about: "room_1".into(), seq: Some(seq), payload: Bytes::from(vec![0; bytes]) }
    }

    async fn heard(listener: &mut Listener) -> Vec<Heard> {
        let mut all = Vec::new();
        while let Some(heard) = listener.next().await {
            all.push(heard);
        }
        all
    }

    #[tokio::test]
    async fn what_does_not_fit_becomes_a_gap() {
        for bytes in [0, MOST_BYTES / 100] {
            let (speaker, mut listener) = listener();
            (0..=MOST_NOTICES as u64).for_each(|seq| speaker.notice(notice(seq, bytes)));
            speaker.notice(notice(7, 1));
            speaker.close();
            let all = heard(&mut listener).await;
            assert_eq!(all[0], Heard::Gap, "{bytes}");
            assert_eq!(all.last(), Some(&Heard::Notice(notice(7, 1))), "{bytes}");
        }
    }

    #[tokio::test]
    async fn a_lost_connection_is_not_forgotten_by_an_overflow() {
        let (speaker, mut listener) = listener();
        speaker.lost();
        speaker.lost();
        // The mark takes a place, so the last one of these does not fit.
        (0..MOST_NOTICES as u64).for_each(|seq| speaker.notice(notice(seq, 0)));
        speaker.gap();
        speaker.close();
        assert_eq!(heard(&mut listener).await, [Heard::Gap, Heard::Lost, Heard::Gap]);
    }

    #[tokio::test]
    async fn nothing_is_kept_for_a_listener_that_went_away() {
        let (speaker, listener) = listener();
        speaker.notice(notice(1, 1));
        drop(listener);
        speaker.notice(notice(2, 1));
        assert!(speaker.queue.lock().heard.is_empty());
    }
}
