//! Reads what a client asks, as fast as it may ask, and has it done.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::io::AsyncRead;
use tokio::time::{sleep, timeout};

use super::messages::{Incoming, Messages, Stop};
use super::requests::Request;
use crate::problem::{Code, Problem};
use crate::realtime::counters::Counters;
use crate::realtime::node::Realtime;
use crate::realtime::session::asking::Session;
use crate::realtime::session::ending::Ending;
use crate::realtime::session::refusal::Refusal;

/// In this time one fault is forgiven.
const FORGIVE_AFTER: Duration = Duration::from_secs(60);

pub struct Listener<R> {
    realtime: Realtime,
    messages: Messages<R>,
    session: Session,
    clock: DefaultClock,
    rate: DefaultDirectRateLimiter,
    faults: DefaultDirectRateLimiter,
}

impl<R: AsyncRead + Unpin> Listener<R> {
    pub fn new(realtime: Realtime, messages: Messages<R>, session: Session) -> Self {
        let config = realtime.config();
        let rate = Quota::per_second(config.messages_per_second).allow_burst(config.message_burst);
        let faults = Quota::with_period(FORGIVE_AFTER).expect("not zero").allow_burst(config.faults);
        let (rate, faults) = (RateLimiter::direct(rate), RateLimiter::direct(faults));
        Self { realtime, messages, session, clock: DefaultClock::default(), rate, faults }
    }

    /// Returns when the connection is gone. When the session has to end, the other side writes the
    /// close frame and this one only waits for it.
    pub async fn listen(mut self) {
        loop {
            let patience = self.realtime.config().idle_after();
            let next = timeout(patience, self.messages.next()).await;
            let next = next.unwrap_or(Err(Stop::Close(Ending::Idle)));
            let done = match next {
                Ok(incoming) => self.take(incoming).await,
                Err(stop) => Err(stop),
            };
            match done {
                Ok(()) => {}
                Err(Stop::Gone) => return,
                Err(Stop::Close(ending)) => {
                    self.session.end(ending).await;
                    pending().await
                }
            }
        }
    }

    async fn take(&mut self, incoming: Incoming) -> Result<(), Stop> {
        Counters::count(&self.realtime.counters().frames_in);
        let excess = self.rate.check().err().map(|until| until.wait_time_from(self.clock.now()));
        match (incoming, excess) {
            (Incoming::Text(text), None) => self.ask(&text).await?,
            (Incoming::Text(text), Some(wait)) => self.session.refuse(Request::id_of(&text), too_many(wait)).await,
            (Incoming::Ping(payload), _) => self.session.codec(payload).await,
            (Incoming::Pong | Incoming::Fragment, _) => {}
        }
        // Whoever sends more than it may is also read more slowly.
        if let Some(wait) = excess {
            sleep(wait).await;
        }
        Ok(())
    }

    async fn ask(&mut self, text: &Bytes) -> Result<(), Stop> {
        let Request { id, op } = Request::read(text);
        match op {
            Ok(op) => self.session.perform(id, op).await,
            Err(refusal) => {
                self.session.refuse(id, refusal).await;
                self.faults.check().map_err(|_| Stop::Close(Ending::TooManyFaults))?;
            }
        }
        Ok(())
    }
}

fn too_many(wait: Duration) -> Refusal {
    let detail = format!("wait {} ms", wait.as_millis().max(1));
    Problem::new(Code::RateLimited).detail(detail).into()
}
