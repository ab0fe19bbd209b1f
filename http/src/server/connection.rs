//! One connection from its first byte to its last.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};
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

/// How long a connection is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For its first request.
    pub first: Duration,
    /// For its next one, and for its goodbye.
    pub idle: Duration,
}

/// Requests that began and ended on a connection.
#[derive(Default)]
struct Activity {
    began: AtomicU64,
    ended: AtomicU64,
}

/// Counts a request as ended however it ends.
struct Running(Arc<Activity>);

impl Activity {
    fn begin(self: &Arc<Self>) -> Running {
        self.began.fetch_add(1, Ordering::Relaxed);
        Running(Arc::clone(self))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Relaxed);
    }
}

/// Serves a connection until either side is done with it. hyper's own header timeout begins with the
/// first bytes of a request; a client that connects and says nothing, or an HTTP/2 client that stays
/// without asking anything, is closed here.
pub async fn serve(
    stream: Counted,
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
            let (running, answer) = (activity.begin(), app.clone().call(request.map(Body::new)));
            async move {
                let _running = running;
                answer.await
            }
        })
    };
    let mut connection = pin!(protocol.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut look = pin!(sleep_until(Instant::now() + patience.first));
    let (mut seen, mut leaving) = (0, false);
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
                let began = activity.began.load(Ordering::Relaxed);
                let is_idle = began == seen && activity.ended.load(Ordering::Relaxed) == began;
                if is_idle && (leaving || began == 0) {
                    return;
                }
                if is_idle {
                    leaving = true;
                    connection.as_mut().graceful_shutdown();
                }
                seen = began;
                look.as_mut().reset(Instant::now() + patience.idle);
            }
        }
    }
}
