//! Slow headers and slow bodies: each socket sends a byte now and then, so that none is ever idle.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::open;
use super::others::Others;
use super::support::shop::Shop;
use super::wire::connect;

const SOCKETS: u32 = 2_000;
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
    let base = shop.server().base.clone();
    let undisturbed = Others::undisturbed(&base).await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let mut stream = connect(&base).await;
        stream.write_all(beginning.as_bytes()).await.expect("a beginning");
        sockets.push(stream);
    }
    let (started, others) = (Instant::now(), Others::start(&base));
    // One after the other, so that bytes come all the time and not all at once.
    let first = |number: u32| DRIP * number / SOCKETS;
    let sockets = (0..SOCKETS).zip(sockets);
    let mut dripping: JoinSet<Option<Duration>> =
        sockets.map(|(number, stream)| drip(stream, started, first(number))).collect();
    // Every one of them was shown out, though it never stopped sending.
    let mut longest = Duration::ZERO;
    while let Some(ended) = dripping.join_next().await {
        let lasted = ended.expect("a socket").unwrap_or_else(|| panic!("{what}: a socket is still open"));
        longest = longest.max(lasted);
    }
    let waits = others.finish().await;
    println!("{what} from {SOCKETS} sockets: {}", waits.beside(&undisturbed));
    println!("{what}: the last socket was closed after {longest:?}, with a deadline of {DEADLINE_MS} ms");
    // Whoever had to wait for a place that a slow one holds would wait as long as that.
    assert!(waits.p99() < Duration::from_millis(DEADLINE_MS));
    after(shop).await;
}

/// Sends a byte at a time until the server closes. None when it never does.
async fn drip(mut stream: TcpStream, started: Instant, first: Duration) -> Option<Duration> {
    let (mut answer, mut next) = ([0; 4_096], first);
    let most = Duration::from_millis(DEADLINE_MS) * 10;
    while started.elapsed() < most {
        match tokio::time::timeout(next, stream.read(&mut answer)).await {
            Ok(Ok(0) | Err(_)) => return Some(started.elapsed()),
            Ok(Ok(_)) => {}
            Err(_) => {
                if stream.write_all(b"a").await.is_err() {
                    return Some(started.elapsed());
                }
                next = DRIP;
            }
        }
    }
    None
}

/// The server has crashed nowhere and answers as before.
async fn after(mut shop: Shop) {
    shop.client().get("/api/v1/products/lamp").await.expect(200);
    shop.server().assert_runs();
    shop.close_and_check().await;
}
