//! A connection that can be cut: what stands between a test and the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct Proxy {
    address: SocketAddr,
    wire: Wire,
    task: JoinHandle<()>,
}

/// What all connections of a proxy have in common.
#[derive(Clone, Default)]
struct Wire {
    cuts: Arc<watch::Sender<u64>>,
    /// Counts what clients said and the server was told.
    asked: Arc<watch::Sender<u64>>,
    swallowing: Arc<AtomicBool>,
}

impl Proxy {
    /// Listens on a free port and passes everything on to `upstream`.
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let wire = Wire::default();
        let (upstream, shared) = (upstream.to_owned(), wire.clone());
        let task = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { return };
                tokio::spawn(pass(client, upstream.clone(), shared.clone()));
            }
        });
        Self { address, wire, task }
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Ends all connections that there are; new ones pass.
    pub fn cut(&self) {
        self.wire.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// The same between a question and its answer: the server was told, and nobody hears what it made of it.
    pub async fn cut_before_an_answer(&self) {
        self.swallow_answers(true);
        self.wire.asked.subscribe().changed().await.expect("the proxy counts on");
        self.cut();
        self.swallow_answers(false);
    }

    /// What the server answers from here on gets lost; what it is told does not.
    pub fn swallow_answers(&self, swallow: bool) {
        self.wire.swallowing.store(swallow, Ordering::Release);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn pass(client: TcpStream, upstream: String, Wire { cuts, asked, swallowing }: Wire) {
    let mut cut = cuts.subscribe();
    let Ok(server) = TcpStream::connect(upstream).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let questions = async {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            match from_client.read(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(count) => {
                    if to_server.write_all(&bytes[..count]).await.is_err() {
                        return;
                    }
                    asked.send_modify(|asked| *asked += 1);
                }
            }
        }
    };
    let answers = async {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            match from_server.read(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(_) if swallowing.load(Ordering::Acquire) => {}
                Ok(count) => {
                    if to_client.write_all(&bytes[..count]).await.is_err() {
                        return;
                    }
                }
            }
        }
    };
    tokio::select! {
        () = questions => {}
        () = answers => {}
        _ = cut.changed() => {}
    }
}
