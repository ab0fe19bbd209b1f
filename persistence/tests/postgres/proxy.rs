//! A wire between a store and its server that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the wire does with what comes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Wire {
    Whole,
    /// What the client says arrives; the answer does not: the connection breaks instead.
    BreaksBeforeTheAnswer,
    /// The same, but nothing breaks: silence.
    SilentAfterTheQuestion,
    /// Nobody is let in, and whoever is there is cut off when he speaks.
    Broken,
}

pub struct Proxy {
    pub port: u16,
    wire: Arc<AtomicU8>,
}

impl Proxy {
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let wire = Arc::new(AtomicU8::new(Wire::Whole as u8));
        let shared = wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if is(&shared, Wire::Broken) {
                    continue;
                }
                let server = TcpStream::connect(&server).await.expect("the server answers");
                tokio::spawn(carry(client, server, shared.clone()));
            }
        });
        Self { port, wire }
    }

    pub fn set(&self, wire: Wire) {
        self.wire.store(wire as u8, Ordering::SeqCst);
    }
}

fn is(shared: &AtomicU8, wire: Wire) -> bool {
    shared.load(Ordering::SeqCst) == wire as u8
}

async fn carry(mut client: TcpStream, mut server: TcpStream, wire: Arc<AtomicU8>) {
    let (mut from_client, mut from_server) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let Ok(read @ 1..) = read else { return };
                if is(&wire, Wire::Broken) || server.write_all(&from_client[..read]).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut from_server) => {
                let Ok(read @ 1..) = read else { return };
                if is(&wire, Wire::BreaksBeforeTheAnswer) {
                    return;
                }
                if is(&wire, Wire::SilentAfterTheQuestion) {
                    continue;
                }
                if client.write_all(&from_server[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}
