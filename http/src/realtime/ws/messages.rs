//! The frames of a client, put together into messages. The total of all fragments has a bound, which
//! the collector that comes with the library does not have.

use bytes::{Bytes, BytesMut};
use fastwebsockets::{CloseCode, Frame, OpCode, Payload, WebSocketError, WebSocketRead};
use tokio::io::AsyncRead;

use crate::realtime::session::ending::Ending;

/// What a client sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Valid UTF-8.
    Text(Bytes),
    Ping(Bytes),
    Pong,
    /// A part of a message that is not whole yet.
    Fragment,
}

/// Why nothing more is read.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// The session ends with a close frame.
    Close(Ending),
    /// The connection is gone.
    Gone,
}

pub struct Messages<R> {
    frames: WebSocketRead<R>,
    /// The text so far of a message that comes in fragments.
    partial: Option<BytesMut>,
    most_bytes: usize,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    pub fn new(mut frames: WebSocketRead<R>, most_bytes: usize) -> Self {
        // Pings and closes are answered by the session, in the order of everything else it sends.
        frames.set_auto_pong(false);
        frames.set_auto_close(false);
        // The library refuses frames of this size and above.
        frames.set_max_message_size(most_bytes + 1);
        Self { frames, partial: None, most_bytes }
    }

    /// Not safe to be cancelled and called again: a half-read frame would be lost.
    pub async fn next(&mut self) -> Result<Incoming, Stop> {
        let mut unused = |_: Frame<'_>| std::future::ready(Ok::<_, std::io::Error>(()));
        let frame = self.frames.read_frame(&mut unused).await.map_err(stop)?;
        let (fin, opcode, payload) = (frame.fin, frame.opcode, into_bytes(frame.payload));
        match opcode {
            OpCode::Text => self.text(fin, payload),
            OpCode::Continuation => self.continuation(fin, &payload),
            OpCode::Binary => Err(Stop::Close(Ending::Binary)),
            OpCode::Ping => Ok(Incoming::Ping(payload.freeze())),
            OpCode::Pong => Ok(Incoming::Pong),
            OpCode::Close => Err(Stop::Close(closed_with(&payload))),
        }
    }

    fn text(&mut self, fin: bool, payload: BytesMut) -> Result<Incoming, Stop> {
        if self.partial.is_some() {
            return Err(protocol("a message began inside another"));
        }
        if fin {
            return whole(payload);
        }
        self.partial = Some(payload);
        Ok(Incoming::Fragment)
    }

    fn continuation(&mut self, fin: bool, payload: &[u8]) -> Result<Incoming, Stop> {
        let Some(mut text) = self.partial.take() else {
            return Err(protocol("a continuation of nothing"));
        };
        if text.len() + payload.len() > self.most_bytes {
            return Err(Stop::Close(Ending::TooLarge));
        }
        text.extend_from_slice(payload);
        if fin {
            return whole(text);
        }
        self.partial = Some(text);
        Ok(Incoming::Fragment)
    }
}

fn whole(text: BytesMut) -> Result<Incoming, Stop> {
    match std::str::from_utf8(&text) {
        Ok(_) => Ok(Incoming::Text(text.freeze())),
        Err(_) => Err(Stop::Close(Ending::InvalidText)),
    }
}

fn into_bytes(payload: Payload<'_>) -> BytesMut {
    match payload {
        Payload::Bytes(bytes) => bytes,
        Payload::Owned(bytes) => BytesMut::from(&bytes[..]),
        Payload::Borrowed(bytes) => BytesMut::from(bytes),
        Payload::BorrowedMut(bytes) => BytesMut::from(&bytes[..]),
    }
}

/// A close frame has a code and a reason, or nothing (RFC 6455, section 5.5.1).
fn closed_with(payload: &[u8]) -> Ending {
    match payload {
        [] => Ending::Client(None),
        [_] => Ending::Protocol("a close frame with half a code"),
        [high, low, reason @ ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            if !CloseCode::from(code).is_allowed() {
                Ending::Protocol("a close code that must not be sent")
            } else if reason.len() > 123 {
                Ending::Protocol("a close frame that is too large")
            } else if std::str::from_utf8(reason).is_err() {
                Ending::InvalidText
            } else {
                Ending::Client(Some(code))
            }
        }
    }
}

fn protocol(what: &'static str) -> Stop {
    Stop::Close(Ending::Protocol(what))
}

fn stop(error: WebSocketError) -> Stop {
    match error {
        WebSocketError::FrameTooLarge => Stop::Close(Ending::TooLarge),
        WebSocketError::InvalidUTF8 => Stop::Close(Ending::InvalidText),
        WebSocketError::ReservedBitsNotZero => protocol("reserved bits are set"),
        WebSocketError::ControlFrameFragmented => protocol("a control frame in fragments"),
        WebSocketError::PingFrameTooLarge => protocol("a ping that is too large"),
        WebSocketError::InvalidValue => protocol("an unknown kind of frame"),
        // The rest is the connection's end, or concerns only what this reader never asks for.
        _ => Stop::Gone,
    }
}
