//! Connections, over real ones.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use souk_http::config::{EdgeConfig, ServerConfig};
use souk_http::middleware::boundary::Boundary;
use souk_http::server::{Server, Shared};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

/// A server whose `/slow` waits until `leave` is notified.
fn serve(config: ServerConfig, entered: Arc<Notify>, leave: Arc<Notify>) -> Running {
    let mut edge = EdgeConfig { server: config, ..EdgeConfig::default() };
    edge.limits.enabled = false;
    serve_edge(edge, entered, leave)
}

fn serve_edge(edge: EdgeConfig, entered: Arc<Notify>, leave: Arc<Notify>) -> Running {
    let slow = move || async move {
        entered.notify_one();
        leave.notified().await;
        "slow"
    };
    let app = Router::new()
        .route("/fine", get(|| async { "fine" }))
        .route("/slow", get(slow))
        .route("/stuck", get(pending::<()>))
        .layer(Boundary::new(&edge, None));
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), Shared::new(&edge, None)).unwrap();
    let address = server.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server.run(app, async move {
        let _ = stopped.await;
    }));
    Running { address, stop, ended }
}

fn simple(config: ServerConfig) -> Running {
    serve(config, Arc::default(), Arc::default())
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// All that comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    reading.expect("the connection is closed").unwrap();
    String::from_utf8(bytes).unwrap()
}

/// One answer of a connection that stays open.
async fn one_answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\nfine") {
        let read = stream.read_buf(&mut text).await.unwrap();
        assert!(read > 0, "closed after {}", String::from_utf8_lossy(&text));
    }
    String::from_utf8(text).unwrap()
}

fn short_header_timeout() -> ServerConfig {
    ServerConfig { header_timeout_ms: 150, ..ServerConfig::default() }
}

#[tokio::test]
async fn slow_headers_are_not_waited_for() {
    let server = simple(short_header_timeout());
    for beginning in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "GET /fine HT",
        "GET /fine HTTP/1.1\r\nhost: a\r\nx-a: ",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut stream = connect(server.address).await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let started = Instant::now();
        let mut bytes = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await;
        assert!(closed.is_ok(), "{beginning:?} is still waited for");
        assert!(started.elapsed() >= Duration::from_millis(100), "{beginning:?} was not waited for");
    }
}

#[tokio::test]
async fn drops_of_a_header_do_not_buy_more_time() {
    let server = simple(short_header_timeout());
    let mut stream = connect(server.address).await;
    stream.write_all(b"GET /fine HTTP/1.1\r\nx-a: ").await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let drops = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        while writing.write_all(b"a").await.is_ok() {
            ticks.tick().await;
        }
    });
    let mut bytes = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut bytes)).await;
    assert!(closed.is_ok(), "a client that dribbles is waited for");
    drops.await.unwrap();
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request_but_not_for_ever() {
    let server = simple(ServerConfig { header_timeout_ms: 300, ..ServerConfig::default() });
    let mut stream = connect(server.address).await;
    for _ in 0..3 {
        stream.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        assert!(one_answer(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn one_connection_too_many_is_told_and_the_next_has_room_again() {
    let server = simple(ServerConfig { max_connections: 1, ..ServerConfig::default() });
    let mut first = connect(server.address).await;
    first.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    one_answer(&mut first).await;

    let mut second = connect(server.address).await;
    second.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    second.shutdown().await.unwrap();
    let told = rest(&mut second).await;
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: 1"), "{head}");
    assert!(head.contains(&format!("content-length: {}", body.len())));
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["code"], "overloaded");

    drop(first);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let mut third = connect(server.address).await;
        third.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
        if rest(&mut third).await.starts_with("HTTP/1.1 200 OK") {
            break;
        }
        assert!(Instant::now() < deadline, "the place was not given back");
    }
}

#[tokio::test]
async fn heads_have_a_bound() {
    let server = simple(ServerConfig { max_headers: 20, max_header_bytes: 8_192, ..ServerConfig::default() });
    let many: String = (0..50).map(|n| format!("x-{n}: 1\r\n")).collect();
    let large = format!("x-large: {}\r\n", "a".repeat(20_000));
    for headers in [many, large] {
        let mut stream = connect(server.address).await;
        let request = format!("GET /fine HTTP/1.1\r\nhost: a\r\n{headers}\r\n");
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }
}

#[tokio::test]
async fn what_runs_is_finished_before_the_end_and_nothing_new_is_taken() {
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let server = serve(ServerConfig::default(), Arc::clone(&entered), Arc::clone(&leave));
    let mut idle = connect(server.address).await;
    idle.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    one_answer(&mut idle).await;
    let mut running = connect(server.address).await;
    running.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    entered.notified().await;

    server.stop.send(()).unwrap();
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed at once");
    assert!(TcpStream::connect(server.address).await.is_err(), "a stopping server takes no connection");
    assert!(!server.ended.is_finished());
    leave.notify_one();
    let answer = rest(&mut running).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("slow"), "{answer}");
    server.ended.await.unwrap();
}

#[tokio::test]
async fn what_does_not_end_is_not_waited_for_after_the_deadline() {
    let server = simple(ServerConfig { drain_timeout_ms: 100, ..ServerConfig::default() });
    let mut stuck = connect(server.address).await;
    stuck.write_all(b"GET /stuck HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut fine = connect(server.address).await;
    fine.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    rest(&mut fine).await;
    server.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), server.ended).await.expect("an end").unwrap();
    assert_eq!(rest(&mut stuck).await, "");
}

#[tokio::test]
async fn http_2_is_spoken_to_who_begins_with_it() {
    let server = simple(ServerConfig { header_timeout_ms: 200, idle_timeout_ms: 300, ..ServerConfig::default() });
    let stream = TokioIo::new(connect(server.address).await);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let connection = tokio::spawn(connection);
    for _ in 0..3 {
        let uri = format!("http://{}/fine", server.address);
        let request = hyper::Request::get(uri).body(Empty::<Bytes>::new()).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, hyper::Version::HTTP_2));
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "fine");
    }
    // Idle for long enough, it is closed.
    let closed = tokio::time::timeout(Duration::from_secs(10), connection).await;
    assert!(closed.is_ok(), "an idle HTTP/2 connection stays open");
}

#[tokio::test]
async fn garbage_harms_nobody() {
    let server = simple(ServerConfig::default());
    for garbage in
        [b"\x16\x03\x01\x02\x00\x01\x00".as_slice(), b"\x00\x00\x00\x00\r\n\r\n", b"GET\r\n\r\n", b"HELO mail\r\n\r\n"]
    {
        let mut stream = connect(server.address).await;
        stream.write_all(garbage).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut bytes = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.expect("closed");
    }
    let mut stream = connect(server.address).await;
    stream.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    one_answer(&mut stream).await;
}

#[tokio::test]
async fn what_two_servers_could_read_differently_is_refused_and_the_connection_closed() {
    let server = simple(ServerConfig::default());
    for shape in [
        "GET /fine HTTP/1.1\nhost: a\n\n",
        "GET /fine HTTP/1.1\r\nhost: a\n\r\n",
        "GET /fine HTTP/1.1\r\nhost: a\r\nx-a: b\r\n folded\r\n\r\n",
        "POST /fine HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /fine HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "POST /fine HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcde",
        "POST /fine HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nabcde",
        "POST /fine HTTP/1.1\r\nhost: a\r\ncontent-length: +5\r\n\r\nabcde",
        "POST /fine HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST /fine HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST /fine HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /fine HTTP/1.1\r\nhost: a\r\nx\0: b\r\n\r\n",
    ] {
        let mut stream = connect(server.address).await;
        stream.write_all(shape.as_bytes()).await.unwrap();
        // A second request that would be the attacker's gain: it is never answered.
        stream.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let answers = rest(&mut stream).await;
        assert!(answers.starts_with("HTTP/1.1 400 "), "{shape:?}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{shape:?}: {answers}");
    }
}

#[tokio::test]
async fn one_address_has_its_share_of_the_connections() {
    let mut edge = EdgeConfig::default();
    edge.limits.max_connections = 2;
    let server = serve_edge(edge, Arc::default(), Arc::default());
    let mut kept = Vec::new();
    for _ in 0..2 {
        let mut stream = connect(server.address).await;
        stream.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        one_answer(&mut stream).await;
        kept.push(stream);
    }
    let mut third = connect(server.address).await;
    third.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    third.shutdown().await.unwrap();
    assert!(rest(&mut third).await.starts_with("HTTP/1.1 503 "));
}

/// Frames of RFC 9113, written by hand: no client that behaves can send these.
#[tokio::test]
async fn streams_that_are_opened_and_taken_back_at_once_end_the_connection() {
    fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    }
    let server = simple(ServerConfig::default());
    let mut stream = connect(server.address).await;
    let mut attack = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    attack.extend(frame(4, 0, 0, b""));
    for number in 0..5_000_u32 {
        let id = 2 * number + 1;
        // HPACK: GET, http, path and authority from the static table and as literals.
        attack.extend(frame(1, 5, id, b"\x82\x86\x44\x05/slow\x41\x01a"));
        attack.extend(frame(3, 0, id, &8_u32.to_be_bytes()));
    }
    // The server may close before all of it is taken.
    let _ = stream.write_all(&attack).await;
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    assert!(closed.is_ok(), "the connection is still open");
    let mut other = connect(server.address).await;
    other.write_all(b"GET /fine HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    one_answer(&mut other).await;
}
