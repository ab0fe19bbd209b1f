//! One socket, from its first frame to its last.

use std::pin::pin;

use fastwebsockets::{Role, after_handshake_split};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter, sink, split};
use tokio::time::timeout;

use super::listener::Listener;
use super::messages::Messages;
use super::speaker::Speaker;
use crate::realtime::node::Seat;
use crate::realtime::session::asking::Session;
use crate::realtime::session::setting::Setting;

/// Bytes that are gathered before they are written.
const WRITE_BUFFER: usize = 4 * 1_024;

/// Bytes of a client that are still taken, and thrown away, after the close frame.
const DISCARD: u64 = 4 * 1_024 * 1_024;

/// Serves a client until either side ends it. One task: the two halves take turns.
pub async fn serve(stream: impl AsyncRead + AsyncWrite + Send + 'static, setting: Setting, seat: Seat) {
    let realtime = setting.realtime.clone();
    let (mut reader, mut writer) = split(stream);
    {
        let buffered = BufWriter::with_capacity(WRITE_BUFFER, &mut writer);
        let (frames_in, frames_out) = after_handshake_split(&mut reader, buffered, Role::Server);
        let (session, outgoing) = Session::open(setting);
        let messages = Messages::new(frames_in, realtime.config().max_message_bytes as usize);
        let listening = pin!(Listener::new(realtime.clone(), messages, session).listen());
        let speaking = pin!(Speaker::new(realtime.clone(), frames_out).speak(outgoing));
        tokio::select! {
            biased;
            spoken = speaking => match spoken {
                Ok(ending) => tracing::debug!(code = ending.close_code(), ?ending, "a socket was closed"),
                Err(error) => tracing::debug!(%error, "a socket took nothing more and was cut off"),
            },
            () = listening => tracing::debug!("a socket was left without a close frame"),
        }
    }
    // Closing with bytes unread would reset the connection, and the client might never see why it
    // was closed. So: no more from here, and a moment for the client to go.
    let _ = timeout(realtime.config().linger(), async {
        writer.shutdown().await?;
        tokio::io::copy(&mut reader.take(DISCARD), &mut sink()).await
    })
    .await;
    drop(seat);
}
