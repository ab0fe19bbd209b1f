//! What one connection too many is told: 503 and goodbye, without a look at what it wants.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::middleware::request_id::RequestId;
use crate::problem::answer::MEDIA_TYPE;
use crate::problem::{Code, Problem};

/// Told at once, at most. Whoever comes on top of that is closed without a word.
const MOST: usize = 64;
const PATIENCE: Duration = Duration::from_secs(1);

pub struct TurnedAway {
    places: Arc<Semaphore>,
}

impl TurnedAway {
    pub fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(MOST)) }
    }

    pub fn tell(&self, mut stream: TcpStream) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _place = place;
            let told = async {
                stream.write_all(&answer()).await?;
                stream.shutdown().await?;
                // Closing with unread bytes would reset the connection and take the answer with it.
                let mut ignored = [0; 1_024];
                while stream.read(&mut ignored).await? > 0 {}
                std::io::Result::Ok(())
            };
            let _ = tokio::time::timeout(PATIENCE, told).await;
        });
    }
}

fn answer() -> Vec<u8> {
    let id = RequestId::random();
    let body = Problem::new(Code::Overloaded).detail("no more connections are taken").body(id.as_str());
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {}\r\nretry-after: 1\r\n\
         x-request-id: {}\r\nconnection: close\r\n\r\n",
        body.len(),
        id.as_str()
    );
    [head.into_bytes(), body].concat()
}
