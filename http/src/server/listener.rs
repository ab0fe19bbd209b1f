//! The accept loop, and how it ends.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::connection::{Patience, Phase, serve};
use super::counted::Counted;
use super::framing::Framing;
use super::places::Places;
use super::protocol::{Protocol, protocol};
use super::turned_away::TurnedAway;
use crate::config::{EdgeConfig, ServerConfig};

/// Connections that the system completes before they are accepted.
const BACKLOG: u32 = 4_096;
/// How long to wait when no connection can be accepted, as when all file handles are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What all listeners of a process share.
pub struct Shared {
    config: ServerConfig,
    protocol: Arc<Protocol>,
    places: Places,
    turned_away: TurnedAway,
    tls: Option<TlsAcceptor>,
}

pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl Shared {
    pub fn new(config: &EdgeConfig, tls: Option<TlsAcceptor>) -> Arc<Self> {
        let server = config.server.clone();
        let protocol = Arc::new(protocol(&server));
        Arc::new(Self { config: server, protocol, places: Places::new(config), turned_away: TurnedAway::new(), tls })
    }
}

impl Server {
    /// # Errors
    /// When the address cannot be listened on.
    pub fn bind(address: SocketAddr, shared: Arc<Shared>) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart must not wait until the old connections' addresses are free.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Self { listener: socket.listen(BACKLOG)?, shared })
    }

    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` ends, then lets running requests finish within the drain deadline.
    /// Sockets count as connections: they are waited for too, and whoever holds one closes it.
    pub async fn run(self, app: Router, shutdown: impl Future<Output = ()>) {
        let Self { listener, shared } = self;
        let (phase, _) = watch::channel(Phase::Serving);
        let config = &shared.config;
        let patience = Patience { head: config.header_timeout(), idle: config.idle_timeout() };
        let door = Door { app, patience, shared: Arc::clone(&shared), phase: phase.clone() };
        tokio::select! {
            biased;
            () = shutdown => {}
            () = door.accept_all(&listener) => {}
        }
        drop(listener);
        phase.send_replace(Phase::Draining);
        if tokio::time::timeout(config.drain_timeout(), shared.places.empty()).await.is_err() {
            tracing::warn!(open = shared.places.open(), "connections were still open at the drain deadline");
        }
        phase.send_replace(Phase::Closed);
    }
}

struct Door {
    app: Router,
    patience: Patience,
    shared: Arc<Shared>,
    phase: watch::Sender<Phase>,
}

impl Door {
    async fn accept_all(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.admit(stream, peer),
                // The client was faster away than we were there.
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection can be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn admit(&self, stream: TcpStream, peer: SocketAddr) {
        let Some(place) = self.shared.places.take(peer.ip()) else {
            // In TLS nothing can be told before a handshake, which is work.
            return if self.shared.tls.is_none() {
                self.shared.turned_away.tell(stream)
            };
        };
        // Answers are whole when they are written: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let (app, protocol, patience) = (self.app.clone(), Arc::clone(&self.shared.protocol), self.patience);
        let phase = self.phase.subscribe();
        let upgraded = Arc::new(AtomicBool::new(false));
        let framing = Framing::new(Arc::clone(&upgraded));
        let Some(tls) = self.shared.tls.clone() else {
            let stream = Counted::new(stream, framing, place);
            tokio::spawn(serve(stream, upgraded, peer, app, protocol, patience, phase));
            return;
        };
        tokio::spawn(async move {
            match tokio::time::timeout(patience.head, tls.accept(stream)).await {
                Ok(Ok(stream)) => {
                    let stream = Counted::new(stream, framing, place);
                    serve(stream, upgraded, peer, app, protocol, patience, phase).await;
                }
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS could be agreed on"),
                Err(_) => tracing::debug!(%peer, "a handshake took too long"),
            }
        });
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
