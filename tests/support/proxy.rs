//! A proxy for TCP that hands each connection to any of its targets, and can be cut: a balancer that knows nothing of
//! what it carries, or a cable that somebody pulls.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::chance::Chance;

pub struct Proxy {
    address: SocketAddr,
    targets: Arc<Mutex<Vec<String>>>,
    /// Whether anything goes through.
    whole: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// `targets` are `host:port`.
    pub async fn start(targets: Vec<String>, mut chance: Chance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (targets, whole) = (Arc::new(Mutex::new(targets)), watch::Sender::new(true));
        let (known, state) = (Arc::clone(&targets), whole.subscribe());
        let accepting = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                let mut order = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
                if !order.is_empty() {
                    let first = chance.between(0..order.len() as u64) as usize;
                    order.rotate_left(first);
                }
                tokio::spawn(carry(client, order, state.clone()));
            }
        });
        Self { address, targets, whole, accepting }
    }

    /// `host:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn set_targets(&self, targets: Vec<String>) {
        *self.targets.lock().unwrap_or_else(PoisonError::into_inner) = targets;
    }

    /// Ends every connection, and each new one at once.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// To the first target that takes the connection.
async fn carry(mut client: TcpStream, targets: Vec<String>, mut whole: watch::Receiver<bool>) {
    if !*whole.borrow_and_update() {
        return;
    }
    for target in targets {
        let Ok(mut server) = TcpStream::connect(&target).await else { continue };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => {}
            _ = whole.wait_for(|whole| !whole) => {}
        }
        return;
    }
}
