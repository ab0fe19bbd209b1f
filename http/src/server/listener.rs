//! The accept loop, and how it ends.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::connection::{Patience, Phase, serve};
use super::counted::Counted;
use super::protocol::{Protocol, protocol};
use super::turned_away::TurnedAway;
use crate::config::ServerConfig;

/// Connections that the system completes before they are accepted.
const BACKLOG: u32 = 4_096;
/// How long to wait when no connection can be accepted, as when all file handles are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

pub struct Server {
    listener: TcpListener,
    config: ServerConfig,
}

impl Server {
    /// # Errors
    /// When the address cannot be listened on.
    pub fn bind(address: SocketAddr, config: ServerConfig) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        // A restart must not wait until the old connections' addresses are free.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Self { listener: socket.listen(BACKLOG)?, config })
    }

    /// # Errors
    /// When the system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `shutdown` ends, then lets running requests finish within the drain deadline.
    /// Sockets count as connections: they are waited for too, and whoever holds one closes it.
    pub async fn run(self, app: Router, shutdown: impl Future<Output = ()>) {
        let Self { listener, config } = self;
        let most = config.max_connections.min(u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX));
        let (phase, _) = watch::channel(Phase::Serving);
        let door = Door {
            app,
            protocol: Arc::new(protocol(&config)),
            patience: Patience { head: config.header_timeout(), idle: config.idle_timeout() },
            places: Arc::new(Semaphore::new(most as usize)),
            turned_away: TurnedAway::new(),
            phase: phase.clone(),
        };
        tokio::select! {
            biased;
            () = shutdown => {}
            () = door.accept_all(&listener) => {}
        }
        drop(listener);
        phase.send_replace(Phase::Draining);
        if tokio::time::timeout(config.drain_timeout(), door.places.acquire_many(most)).await.is_err() {
            let open = most as usize - door.places.available_permits();
            tracing::warn!(open, "connections were still open at the drain deadline");
        }
        phase.send_replace(Phase::Closed);
    }
}

struct Door {
    app: Router,
    protocol: Arc<Protocol>,
    patience: Patience,
    places: Arc<Semaphore>,
    turned_away: TurnedAway,
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
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return self.turned_away.tell(stream) };
        // Answers are whole when they are written: waiting to fill a packet only costs time.
        let _ = stream.set_nodelay(true);
        let stream = Counted::new(stream, place);
        tokio::spawn(serve(
            stream,
            peer,
            self.app.clone(),
            Arc::clone(&self.protocol),
            self.patience,
            self.phase.subscribe(),
        ));
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
