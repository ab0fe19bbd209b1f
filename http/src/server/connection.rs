//! One connection from its first byte to its last.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, Version};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tower::Service;

use super::counted::Counted;
use super::protocol::Protocol;
use crate::middleware::client_address::Peer;

/// Where the server stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Serving,
    /// Running requests may finish, new ones are not taken.
    Draining,
    Closed,
}

/// How long a client may let a connection wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the whole head of its first request, and over HTTP/1 of each next one.
    pub head: Duration,
    /// For its next request over HTTP/2.
    pub idle: Duration,
}

/// A connection is looked at so many times while it is waited for; it is given up after that many
/// looks, or up to one more.
const LOOKS: u32 = 4;

/// The requests of a connection.
#[derive(Default)]
struct Activity {
    began: AtomicU64,
    ended: AtomicU64,
    is_http2: AtomicBool,
}

/// Counts a request as ended however it ends.
struct Running(Arc<Activity>);

impl Activity {
    fn begin(self: &Arc<Self>, version: Version) -> Running {
        self.began.fetch_add(1, Ordering::Relaxed);
        self.is_http2.store(version == Version::HTTP_2, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    fn between_looks(&self, patience: Patience) -> Duration {
        let waits_idle = self.is_http2.load(Ordering::Relaxed);
        (if waits_idle { patience.idle } else { patience.head }) / LOOKS
    }

    /// How many requests began, and whether none of them is running.
    fn standing(&self) -> (u64, bool) {
        let ended = self.ended.load(Ordering::Relaxed);
        let began = self.began.load(Ordering::Relaxed);
        (began, began == ended)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// Serves a connection until either side is done with it.
///
/// Its one timer bounds every wait for the client: for the first byte, for the rest of a head, for the
/// next request, and for it to take an answer. hyper's own header timeout begins only with the first
/// bytes of HTTP/1, and sets a timer for each request.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: Counted<S>,
    upgraded: Arc<AtomicBool>,
    peer: SocketAddr,
    app: Router,
    protocol: Arc<Protocol>,
    patience: Patience,
    mut phase: watch::Receiver<Phase>,
) {
    let activity = Arc::new(Activity::default());
    let service = {
        let activity = Arc::clone(&activity);
        hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let running = activity.begin(request.version());
            let answer = app.clone().call(request.map(Body::new));
            let upgraded = Arc::clone(&upgraded);
            async move {
                let _running = running;
                let answer = answer.await;
                if let Ok(response) = &answer
                    && response.status() == StatusCode::SWITCHING_PROTOCOLS
                {
                    upgraded.store(true, Ordering::Release);
                }
                answer
            }
        })
    };
    let mut connection = pin!(protocol.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut look = pin!(sleep(activity.between_looks(patience)));
    let (mut seen, mut quiet_looks, mut leaving) = (0, 0, false);
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "a connection ended with a fault");
                }
                return;
            }
            changed = phase.changed() => match *phase.borrow_and_update() {
                Phase::Closed => return,
                Phase::Serving | Phase::Draining if changed.is_err() => return,
                Phase::Draining => {
                    leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
                Phase::Serving => {}
            },
            () = look.as_mut() => {
                let (began, is_quiet) = activity.standing();
                quiet_looks = if is_quiet && began == seen { quiet_looks + 1 } else { 0 };
                seen = began;
                let speaks_http2 = activity.is_http2.load(Ordering::Relaxed);
                if quiet_looks >= LOOKS {
                    // Only HTTP/2 has a goodbye, and only a client that spoke it can take it.
                    if leaving || !speaks_http2 {
                        return;
                    }
                    (leaving, quiet_looks) = (true, 0);
                    connection.as_mut().graceful_shutdown();
                }
                look.as_mut().reset(Instant::now() + activity.between_looks(patience));
            }
        }
    }
}
