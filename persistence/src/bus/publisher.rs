//! The task that publishes: what has gathered goes out together.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use redis::Pipeline;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::frame::Message;
use super::port::Notice;
use super::redis::Names;
use crate::redis::{Link, answer};

/// Calls of `publish` that go out together at most.
const TOGETHER: usize = 256;
/// How often it is tried to tell the others of a gap while nothing else is published.
const OWED_EVERY: Duration = Duration::from_secs(1);

/// The way to the task.
#[derive(Debug)]
pub(super) struct Outbox {
    sender: mpsc::Sender<Job>,
    /// Something was dropped, and the others were not told yet.
    owed: Arc<AtomicBool>,
}

enum Job {
    Publish(Vec<Notice>),
    Close(oneshot::Sender<()>),
}

struct Task {
    node: Uuid,
    link: Link,
    names: Names,
    owed: Arc<AtomicBool>,
}

pub(super) fn start(node: Uuid, link: Link, names: Names, queue: usize) -> Outbox {
    let (sender, receiver) = mpsc::channel(queue.max(1));
    let owed = Arc::new(AtomicBool::new(false));
    tokio::spawn(Task { node, link, names, owed: Arc::clone(&owed) }.run(receiver));
    Outbox { sender, owed }
}

impl Outbox {
    pub fn push(&self, notices: Vec<Notice>) {
        if !notices.is_empty() && self.sender.try_send(Job::Publish(notices)).is_err() {
            self.owed.store(true, Ordering::Release);
        }
    }

    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.sender.send(Job::Close(done)).await.is_ok() {
            // An error: the runtime is going down, and the task with it.
            let _ = closed.await;
        }
    }
}

impl Task {
    async fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut gathered = Vec::with_capacity(TOGETHER);
        let mut closing = None;
        while closing.is_none() {
            let owed = self.owed.load(Ordering::Acquire);
            tokio::select! { biased;
                count = jobs.recv_many(&mut gathered, TOGETHER) => if count == 0 { break },
                () = tokio::time::sleep(OWED_EVERY), if owed => {}
            }
            let mut notices = Vec::new();
            for job in gathered.drain(..) {
                match job {
                    Job::Publish(more) => notices.extend(more),
                    Job::Close(done) => closing = Some(done),
                }
            }
            self.tell(&notices).await;
        }
        self.link.close().await;
        if let Some(done) = closing {
            // An error: nobody waits any more.
            let _ = done.send(());
        }
    }

    async fn tell(&self, notices: &[Notice]) {
        let (messages, dropped) = messages(self.node, notices);
        if dropped {
            self.owed.store(true, Ordering::Release);
        }
        let mut commands = Pipeline::with_capacity(messages.len() + 1);
        // First, so that whoever looks at the stores because of it hears what comes after it.
        let owes = self.owed.swap(false, Ordering::AcqRel);
        if owes {
            let message = Message::from_node(self.node).finish();
            commands.cmd("PUBLISH").arg(self.names.everybody()).arg(&message[..]);
        }
        for (channel, message) in &messages {
            commands.cmd("PUBLISH").arg(self.names.full(channel)).arg(&message[..]);
        }
        if commands.is_empty() {
            return;
        }
        let told = self.link.send(&commands).await;
        let told = told.and_then(|answers| answers.into_iter().try_for_each(|value| answer(value).map(|_| ())));
        if let Err(fault) = told {
            if !owes {
                tracing::warn!(reason = fault.reason(), notices = notices.len(), "other nodes were not told");
            }
            self.owed.store(true, Ordering::Release);
        }
    }
}

/// The messages of each channel, in order; whether something fits into none.
fn messages(node: Uuid, notices: &[Notice]) -> (Vec<(Arc<str>, Bytes)>, bool) {
    let mut finished = Vec::new();
    // Few channels at a time, in the order in which they come up.
    let mut open: VecDeque<(Arc<str>, Message)> = VecDeque::new();
    let mut dropped = false;
    for notice in notices {
        let place = open.iter().position(|(channel, _)| *channel == notice.channel);
        let place = match place {
            Some(place) if open[place].1.has_room(notice) => place,
            Some(place) => {
                let full = std::mem::replace(&mut open[place].1, Message::from_node(node));
                finished.push((Arc::clone(&notice.channel), full.finish()));
                place
            }
            None => {
                open.push_back((Arc::clone(&notice.channel), Message::from_node(node)));
                open.len() - 1
            }
        };
        let fits = open[place].1.push(notice);
        // A signal that is too long is nobody's loss; a number that nobody hears of is.
        dropped |= !fits && notice.seq.is_some();
    }
    let rest = open.into_iter().filter(|(_, message)| !message.is_empty());
    finished.extend(rest.map(|(channel, message)| (channel, message.finish())));
    (finished, dropped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::frame::{FULL, Said, read};

    fn notice(channel: &str, seq: u64, bytes: usize) -> Notice {
        Notice { channel: channel.into(), about: "x".into(), seq: Some(seq), payload: Bytes::from(vec![1; bytes]) }
    }

    #[test]
    fn each_channel_keeps_its_order_and_messages_their_bound() {
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let notices: Vec<Notice> =
            (1..=40).flat_map(|seq| [notice("a", seq, FULL / 10), notice("b", seq, 3)]).collect();
        let (messages, dropped) = messages(here, &notices);
        assert!(!dropped);
        let mut heard = Vec::new();
        for (channel, message) in messages {
            assert!(message.len() <= FULL + 17, "{}", message.len());
            let Ok(Said::Notices(more)) = read(there, &channel, message) else { panic!("no notices") };
            heard.extend(more);
        }
        for channel in ["a", "b"] {
            let expected: Vec<&Notice> = notices.iter().filter(|notice| *notice.channel == *channel).collect();
            let heard: Vec<&Notice> = heard.iter().filter(|notice| *notice.channel == *channel).collect();
            assert_eq!(heard, expected);
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_a_gap_and_no_message() {
        let long = Notice { about: "x".repeat(70_000).into(), ..notice("a", 1, 1) };
        let (messages, dropped) = messages(Uuid::from_u128(1), &[long]);
        assert!(messages.is_empty() && dropped);
    }
}
