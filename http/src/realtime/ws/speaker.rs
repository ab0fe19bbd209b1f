//! Writes what a session says, and pings.

use std::io;

use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, WebSocketError, WebSocketWrite};
use futures::FutureExt;
use souk_actors::topics::outbox::Notice;
use tokio::io::AsyncWrite;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::replies;
use crate::realtime::counters::Counters;
use crate::realtime::realtime::Realtime;
use crate::realtime::session::ending::Ending;
use crate::realtime::session::outgoing::{Out, Outgoing};

/// Writes through a buffer: a busy topic is a few large writes, not one for each frame.
pub struct Speaker<W> {
    realtime: Realtime,
    frames: WebSocketWrite<W>,
}

enum Next {
    Out(Out),
    Ping,
}

impl<W: AsyncWrite + Unpin> Speaker<W> {
    pub fn new(realtime: Realtime, frames: WebSocketWrite<W>) -> Self {
        Self { realtime, frames }
    }

    /// Returns when the close frame is written, or when nothing more can be.
    pub async fn speak(mut self, mut outgoing: Outgoing) {
        // Nobody is left to be told of a fault: the connection is gone.
        let _ = self.speak_until_closed(&mut outgoing).await;
    }

    async fn speak_until_closed(&mut self, outgoing: &mut Outgoing) -> Result<(), WebSocketError> {
        let every = self.realtime.config().ping_every();
        let mut pings = interval_at(Instant::now() + every, every);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let at_hand = next(outgoing, &mut pings).now_or_never();
            let next = match at_hand {
                Some(next) => next,
                None => {
                    self.flush().await?;
                    next(outgoing, &mut pings).await
                }
            };
            match next {
                Next::Out(Out::Reply { id, outcome }) => self.text(&replies::reply(id, &outcome)).await?,
                Next::Out(Out::Notice(notice)) => self.text(frame_of(&notice)).await?,
                Next::Out(Out::Resume { topic, since }) => self.text(&replies::resume(topic, since)).await?,
                Next::Out(Out::Codec(payload)) => self.control(OpCode::Pong, &payload).await?,
                Next::Out(Out::End(ending)) => return self.close(ending).await,
                Next::Ping => self.control(OpCode::Ping, b"").await?,
            }
        }
    }

    async fn text(&mut self, text: &Bytes) -> Result<(), WebSocketError> {
        Counters::count(&self.realtime.counters().frames_out);
        self.write(Frame::text(Payload::Borrowed(text))).await
    }

    async fn control(&mut self, opcode: OpCode, payload: &[u8]) -> Result<(), WebSocketError> {
        self.write(Frame::new(true, opcode, None, Payload::Borrowed(payload))).await
    }

    async fn close(&mut self, ending: Ending) -> Result<(), WebSocketError> {
        let frame = match ending {
            Ending::Client(None) => Frame::close_raw(Payload::Borrowed(b"")),
            ending => Frame::close(ending.close_code(), ending.reason().as_bytes()),
        };
        self.write(frame).await?;
        self.flush().await
    }

    async fn write(&mut self, frame: Frame<'_>) -> Result<(), WebSocketError> {
        let patience = self.realtime.config().write_timeout();
        timeout(patience, self.frames.write_frame(frame)).await.unwrap_or_else(|_| Err(stuck()))
    }

    async fn flush(&mut self) -> Result<(), WebSocketError> {
        let patience = self.realtime.config().write_timeout();
        timeout(patience, self.frames.flush()).await.unwrap_or_else(|_| Err(stuck()))
    }
}

/// Pings come first, so that a client which only listens to a busy topic is still heard of.
async fn next(outgoing: &mut Outgoing, pings: &mut Interval) -> Next {
    tokio::select! {
        biased;
        _ = pings.tick() => Next::Ping,
        out = outgoing.next() => Next::Out(out),
    }
}

fn frame_of(notice: &Notice) -> &Bytes {
    match notice {
        Notice::Entry { frame, .. } | Notice::State { frame, .. } | Notice::Signal { frame, .. } => frame,
    }
}

fn stuck() -> WebSocketError {
    WebSocketError::IoError(io::ErrorKind::TimedOut.into())
}
