//! Writes what a session says, and pings.

use std::io;

use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, WebSocketError, WebSocketWrite};
use futures::FutureExt;
use souk_actors::topics::outbox::Notice;
use tokio::io::AsyncWrite;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep, timeout};

use super::replies;
use crate::realtime::counters::Counters;
use crate::realtime::node::Realtime;
use crate::realtime::session::ending::Ending;
use crate::realtime::session::outgoing::{Out, Outgoing};

/// Writes through a buffer: a busy topic is a few large writes, not one for each frame.
pub struct Speaker<W> {
    realtime: Realtime,
    stopping: watch::Receiver<bool>,
    frames: WebSocketWrite<W>,
}

enum Next {
    Out(Out),
    Ping,
}

impl<W: AsyncWrite + Unpin> Speaker<W> {
    pub fn new(realtime: Realtime, frames: WebSocketWrite<W>) -> Self {
        let stopping = realtime.stopping();
        Self { realtime, stopping, frames }
    }

    /// Returns when the close frame is written, with the reason in it.
    ///
    /// # Errors
    /// When nothing more can be written.
    pub async fn speak(mut self, mut outgoing: Outgoing) -> Result<Ending, WebSocketError> {
        let outgoing = &mut outgoing;
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

    async fn close(&mut self, ending: Ending) -> Result<Ending, WebSocketError> {
        let frame = match ending {
            Ending::Client(None) => Frame::close_raw(Payload::Borrowed(b"")),
            ending => Frame::close(ending.close_code(), ending.reason().as_bytes()),
        };
        self.write(frame).await?;
        self.flush().await?;
        Ok(ending)
    }

    async fn write(&mut self, frame: Frame<'_>) -> Result<(), WebSocketError> {
        tokio::select! {
            biased;
            written = self.frames.write_frame(frame) => written,
            () = enough(&self.realtime, &mut self.stopping) => Err(stuck()),
        }
    }

    async fn flush(&mut self) -> Result<(), WebSocketError> {
        tokio::select! {
            biased;
            flushed = self.frames.flush() => flushed,
            () = enough(&self.realtime, &mut self.stopping) => Err(stuck()),
        }
    }
}

/// How long a client may take nothing. Much shorter once the process wants to stop.
async fn enough(realtime: &Realtime, stopping: &mut watch::Receiver<bool>) {
    let config = realtime.config();
    let stopped = async {
        if stopping.wait_for(|stopping| *stopping).await.is_err() {
            std::future::pending().await
        }
    };
    if timeout(config.write_timeout(), stopped).await.is_ok() {
        sleep(config.linger()).await;
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
