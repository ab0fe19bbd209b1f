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
    cuts: Arc<watch::Sender<u64>>,
    swallowing: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port and passes everything on to `upstream`.
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let cuts = Arc::new(watch::Sender::new(0));
        let swallowing = Arc::new(AtomicBool::new(false));
        let (upstream, cut, swallow) = (upstream.to_owned(), Arc::clone(&cuts), Arc::clone(&swallowing));
        let task = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { return };
                tokio::spawn(pass(client, upstream.clone(), cut.subscribe(), Arc::clone(&swallow)));
            }
        });
        Self { address, cuts, swallowing, task }
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Ends all connections that there are; new ones pass.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// What the server answers from here on gets lost; what it is told does not.
    pub fn swallow_answers(&self, swallow: bool) {
        self.swallowing.store(swallow, Ordering::Release);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn pass(client: TcpStream, upstream: String, mut cut: watch::Receiver<u64>, swallow: Arc<AtomicBool>) {
    let Ok(server) = TcpStream::connect(upstream).await else { return };
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (client.into_split(), server.into_split());
    let answers = async {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            match from_server.read(&mut bytes).await {
                Ok(0) | Err(_) => return,
                Ok(_) if swallow.load(Ordering::Acquire) => {}
                Ok(count) => {
                    if to_client.write_all(&bytes[..count]).await.is_err() {
                        return;
                    }
                }
            }
        }
    };
    tokio::select! {
        _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
        () = answers => {}
        _ = cut.changed() => {}
    }
}
