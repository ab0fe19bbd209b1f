//! Slow headers and slow bodies: each socket sends a byte now and then, so that none is ever idle.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::support::client::Client;
use super::support::shop::Shop;
use super::wire::connect;
use super::{is_long, open};

const SOCKETS: usize = 2_000;
const DRIP: Duration = Duration::from_millis(500);
/// Shorter than the default, so that the test sees the end of it.
const DEADLINE_MS: u64 = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_do_not_keep_others_from_being_served() {
    let beginning = "GET /api/v1/products HTTP/1.1\r\nhost: souk\r\nx-slow: ".to_owned();
    attack("slow headers", beginning, "SERVER__HEADER_TIMEOUT_MS").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_bodies_do_not_keep_others_from_being_served() {
    let beginning = "POST /api/v1/carts HTTP/1.1\r\nhost: souk\r\ncontent-type: application/json\r\n\
                     content-length: 100000\r\n\r\n{\"currency\": \"";
    attack("slow bodies", beginning.to_owned(), "SERVER__BODY_TIMEOUT_MS").await;
}

async fn attack(what: &str, beginning: String, deadline: &str) {
    let mut shop = open(&[(deadline, &DEADLINE_MS.to_string())]).await;
    let client = shop.client();
    let undisturbed = p99(&client).await;
    let base = shop.server().base.clone();
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let mut stream = connect(&base).await;
        stream.write_all(beginning.as_bytes()).await.expect("a beginning");
        sockets.push(stream);
    }
    let started = Instant::now();
    let mut dripping: JoinSet<Option<Duration>> = sockets.into_iter().map(|stream| drip(stream, started)).collect();
    let under_attack = p99(&client).await;
    println!(
        "{what} from {SOCKETS} sockets: p99 of others {under_attack:?}, undisturbed {undisturbed:?}, {:.2} times",
        under_attack.as_secs_f64() / undisturbed.as_secs_f64()
    );
    // Every one of them was shown out, though it never stopped sending.
    let mut longest = Duration::ZERO;
    while let Some(ended) = dripping.join_next().await {
        let lasted = ended.expect("a socket").unwrap_or_else(|| panic!("{what}: a socket is still open"));
        longest = longest.max(lasted);
    }
    println!("{what}: the last socket was closed after {longest:?}, with a deadline of {DEADLINE_MS} ms");
    after(shop).await;
}

/// Sends a byte at a time until the server closes. None when it never does.
fn drip(mut stream: TcpStream, started: Instant) -> impl Future<Output = Option<Duration>> {
    async move {
        let mut answer = [0; 4_096];
        let most = Duration::from_millis(DEADLINE_MS) * 10;
        while started.elapsed() < most {
            match tokio::time::timeout(DRIP, stream.read(&mut answer)).await {
                Ok(Ok(0) | Err(_)) => return Some(started.elapsed()),
                Ok(Ok(_)) => {}
                Err(_) => {
                    if stream.write_all(b"a").await.is_err() {
                        return Some(started.elapsed());
                    }
                }
            }
        }
        None
    }
}

/// Of requests one after the other, as somebody who is not attacking sends them.
pub async fn p99(client: &Client) -> Duration {
    let requests = if is_long() { 5_000 } else { 500 };
    let mut times = Vec::with_capacity(requests);
    for _ in 0..requests {
        let started = Instant::now();
        client.get("/api/v1/products/lamp").await.expect(200);
        times.push(started.elapsed());
    }
    times.sort();
    times[requests * 99 / 100]
}

/// The server has crashed nowhere and answers as before.
async fn after(mut shop: Shop) {
    shop.client().get("/api/v1/products/lamp").await.expect(200);
    shop.server().assert_runs();
    shop.close_and_check().await;
}
