//! What a session says to its client, in the one order in which it may be said. A codec asks for the
//! next thing, encodes it and sends it; it never has to know what comes before what.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use souk_actors::accounts::guard::Origin;
use souk_actors::topics::outbox::{Notice, Overflow};
use souk_actors::topics::topic::Topic;
use souk_domain::aggregate::Seq;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep, interval};

use super::ending::Ending;
use super::follows::{Follows, ReadOn};
use super::outcome::Outcome;
use super::reading::{self, ReadDone};
use super::setting::Setting;
use crate::realtime::counters::Counters;

/// The next thing to be sent.
#[derive(Debug)]
pub enum Out {
    Reply {
        id: Option<u64>,
        outcome: Outcome,
    },
    Notice(Notice),
    /// The last number of a log that was sent: what the client passes as `since` when it is back.
    Resume {
        topic: Topic,
        since: Seq,
    },
    /// What the codec itself put in line.
    Codec(Bytes),
    /// The last thing of a session.
    End(Ending),
}

/// How often a session looks whether its token was revoked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// From the asking side of a session to this one.
pub(super) enum Control {
    Reply {
        id: Option<u64>,
        outcome: Outcome,
    },
    Codec(Bytes),
    /// The session's token is good until then, unless it is revoked.
    Expires(Instant, Option<Origin>),
    End(Ending),
}

pub struct Outgoing {
    setting: Setting,
    follows: Arc<Mutex<Follows>>,
    control: mpsc::Receiver<Control>,
    inbox: mpsc::Receiver<Notice>,
    overflow: Arc<Overflow>,
    stopping: watch::Receiver<bool>,
    /// Journals that are being read on.
    reads: FuturesUnordered<BoxFuture<'static, ReadDone>>,
    /// Notices that may be sent now.
    ready: VecDeque<Notice>,
    /// What is said last.
    farewell: VecDeque<Out>,
    expires: Option<Pin<Box<Sleep>>>,
    /// Where its token comes from, if that can be revoked, and when that is looked at.
    origin: Option<Origin>,
    looks: Interval,
}

impl Outgoing {
    pub(super) fn new(
        setting: Setting,
        follows: Arc<Mutex<Follows>>,
        control: mpsc::Receiver<Control>,
        inbox: mpsc::Receiver<Notice>,
        overflow: Arc<Overflow>,
    ) -> Self {
        let stopping = setting.realtime.stopping();
        let (reads, ready, farewell) = (FuturesUnordered::new(), VecDeque::new(), VecDeque::new());
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (expires, origin) = (None, None);
        Self { setting, follows, control, inbox, overflow, stopping, reads, ready, farewell, expires, origin, looks }
    }

    /// The next thing to be sent; nothing comes after [`Out::End`]. Safe to be cancelled and called again.
    pub async fn next(&mut self) -> Out {
        loop {
            if let Some(notice) = self.ready.pop_front() {
                return Out::Notice(notice);
            }
            if let Some(out) = self.farewell.pop_front() {
                return out;
            }
            if self.overflow.happened() {
                Counters::count(&self.setting.realtime.counters().overflows);
                self.part(Ending::FellBehind);
                continue;
            }
            // Looked at here, so that the wait for it below may come last: waiting for something that
            // all sessions wait for is not cheap, and a busy session need not do it.
            if self.stopping.has_changed().unwrap_or(false) && *self.stopping.borrow() {
                self.farewell.push_back(Out::End(Ending::Stopping));
                continue;
            }
            // Replies first: a client that asks is never kept waiting by a busy topic.
            tokio::select! {
                biased;
                control = self.control.recv() => if let Some(out) = self.control(control) { return out },
                Some(done) = self.reads.next() => self.read(done),
                Some(notice) = self.inbox.recv() => self.notice(notice),
                () = revoked(&mut self.looks, self.origin, &self.setting) => {
                    self.farewell.push_back(Out::End(Ending::TokenExpired));
                }
                () = until(&mut self.expires) => self.farewell.push_back(Out::End(Ending::TokenExpired)),
                () = stopped(&mut self.stopping) => self.farewell.push_back(Out::End(Ending::Stopping)),
            }
        }
    }

    fn control(&mut self, control: Option<Control>) -> Option<Out> {
        match control {
            Some(Control::Reply { id, outcome }) => return Some(self.reply(id, outcome)),
            Some(Control::Codec(bytes)) => return Some(Out::Codec(bytes)),
            Some(Control::Expires(at, origin)) => self.renew_before(at, origin),
            Some(Control::End(ending)) => self.farewell.push_back(Out::End(ending)),
            None => self.farewell.push_back(Out::End(Ending::Client(None))),
        }
        None
    }

    /// What was held back for the reply is ready right behind it.
    fn reply(&mut self, id: Option<u64>, outcome: Outcome) -> Out {
        if let Some(start) = outcome.start() {
            let read = lock(&self.follows).started(start, &mut self.ready);
            self.read_on(read);
        }
        Out::Reply { id, outcome }
    }

    fn notice(&mut self, notice: Notice) {
        let read = lock(&self.follows).notice(notice, &mut self.ready);
        self.read_on(read);
    }

    fn read(&mut self, done: ReadDone) {
        match done {
            ReadDone::Read { read, entries, head } => {
                let next = lock(&self.follows).read(read.topic, read.generation, entries, head, &mut self.ready);
                self.read_on(next);
            }
            ReadDone::Failed => self.part(Ending::Unreadable),
        }
    }

    fn read_on(&mut self, read: Option<ReadOn>) {
        if let Some(read) = read {
            let chunk = self.setting.realtime.config().replay_chunk as usize;
            self.reads.push(Box::pin(reading::read_on(Arc::clone(&self.setting.market), read, chunk)));
        }
    }

    fn renew_before(&mut self, expires_at: Instant, origin: Option<Origin>) {
        self.origin = origin;
        let at = expires_at + self.setting.realtime.config().renew_within();
        self.expires = Some(Box::pin(tokio::time::sleep_until(at)));
    }

    /// Ends a session that missed something: it is told where to go on.
    fn part(&mut self, ending: Ending) {
        let follows = lock(&self.follows);
        self.farewell.extend(follows.resume_points().map(|(topic, since)| Out::Resume { topic, since }));
        drop(follows);
        self.farewell.push_back(Out::End(ending));
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending().await
    }
}

/// Returns once the origin counts no more; it is looked at when the interval says so.
async fn revoked(looks: &mut Interval, origin: Option<Origin>, setting: &Setting) {
    let Some(origin) = origin else { return std::future::pending().await };
    while setting.market.accounts.guard.allows(&origin) {
        looks.tick().await;
    }
}

async fn until(sleep: &mut Option<Pin<Box<Sleep>>>) {
    match sleep {
        Some(sleep) => sleep.await,
        None => std::future::pending().await,
    }
}

/// Nothing panics while it is held, so the lock cannot really be poisoned.
pub(super) fn lock(follows: &Mutex<Follows>) -> MutexGuard<'_, Follows> {
    follows.lock().unwrap_or_else(PoisonError::into_inner)
}
