//! What the edge adds to a product read: `GET /api/v1/products/{id}` over loopback, in one run
//! * with everything on: limits (too high to refuse anybody), security headers, deadlines, a token in the request;
//! * the same routes on the same server without what happens around every request;
//! * a bare axum handler that returns the same bytes.
//!
//! `cargo bench --bench edge`. The clients run in the same process, so both share the two cores alike.

#[path = "../actors/tests/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use futures::future::join_all;
use souk_http::config::{EdgeConfig, LimitConfig};
use souk_http::router;
use souk_http::server::{Server, Shared};
use souk_http::state::{App, Edge};
use support::TestHouse;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CONNECTIONS: u64 = 32;

/// The same shop behind two servers.
struct Souk {
    whole: SocketAddr,
    /// Only routes and handlers.
    routes: SocketAddr,
    path: String,
    body: bytes::Bytes,
    token: String,
}

async fn souk() -> Souk {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let house = TestHouse::open(folder.path(), Duration::from_secs(900)).await;
    let (product, _) = house.product("pot", 1_000, 100).await;
    let body = house.market.views.product(product).await.expect("views").expect("a product").body().clone();
    let mut config = EdgeConfig::default();
    config.limits.reads = LimitConfig { per_second: 10_000_000, burst: 10_000_000 };
    let keys = house.market.accounts.signing_keys().await.expect("keys");
    let edge = Arc::new(Edge::new(config.clone(), &keys).expect("an edge"));
    let who = house.market.accounts.create_guest("Ada".to_owned()).await.expect("a guest");
    let token = edge.tokens.issue(&who, house.market.clock.now());
    let app = App::new(edge, Arc::clone(&house.market), Some(house.sandbox.clone()));
    let (routes, _) = router::table().split_for_parts();
    let routes = serve(&config, routes.with_state(app.clone()));
    let whole = serve(&config, router::router(app));
    let path = format!("/api/v1/products/{product}");
    // Kept until the process ends.
    std::mem::forget((folder, house));
    Souk { whole, routes, path, body, token }
}

fn serve(config: &EdgeConfig, app: Router) -> SocketAddr {
    let server = Server::bind(([127, 0, 0, 1], 0).into(), Shared::new(config, None)).expect("a server");
    let address = server.local_addr().expect("an address");
    tokio::spawn(server.run(app, std::future::pending()));
    address
}

async fn bare(path: &str, body: bytes::Bytes) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address");
    let handler = move || async move { ([("content-type", "application/json")], body) };
    let app = Router::new().route(path, get(handler));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// One connection: asks, reads the whole answer, asks again.
async fn ask(address: SocketAddr, request: &str, body: &[u8], times: u64) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut buffer = vec![0; 16 * 1024];
    for _ in 0..times {
        stream.write_all(request.as_bytes()).await.expect("asked");
        let mut filled = 0;
        loop {
            filled += stream.read(&mut buffer[filled..]).await.expect("an answer");
            if is_whole(&buffer[..filled], body) {
                break;
            }
        }
    }
}

/// Whether the answer with this body is there. What it looks at does not grow with the answer's head, or the client's
/// own work would count as the server's.
fn is_whole(answer: &[u8], body: &[u8]) -> bool {
    let Some(head) = answer.len().checked_sub(body.len()) else { return false };
    let is_whole = answer[..head].ends_with(b"\r\n\r\n");
    assert!(!is_whole || answer.starts_with(b"HTTP/1.1 200") && answer[head..] == *body, "another answer");
    is_whole
}

async fn ask_all(address: SocketAddr, request: &str, body: &bytes::Bytes, requests: u64) {
    let each = requests.div_ceil(CONNECTIONS);
    let asking = (0..CONNECTIONS).map(|_| {
        let (request, body) = (request.to_owned(), body.clone());
        tokio::spawn(async move { ask(address, &request, &body, each).await })
    });
    for asked in join_all(asking).await {
        asked.expect("a connection");
    }
}

fn reads(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let Souk { whole, routes, path, body, token } = runtime.block_on(souk());
    let bare = runtime.block_on(bare(&path, body.clone()));
    let request = format!("GET {path} HTTP/1.1\r\nhost: souk\r\nauthorization: Bearer {token}\r\n\r\n");
    let mut group = criterion.benchmark_group("product read over loopback");
    group.throughput(Throughput::Elements(1)).sample_size(20).measurement_time(Duration::from_secs(10));
    let servers =
        [("bare axum handler, same bytes", bare), ("souk, routes alone", routes), ("souk, everything on", whole)];
    for (name, address) in servers {
        group.bench_function(BenchmarkId::new(name, CONNECTIONS), |bencher| {
            bencher.iter_custom(|iterations| {
                let start = Instant::now();
                runtime.block_on(ask_all(address, &request, &body, iterations));
                start.elapsed()
            });
        });
    }
    group.finish();
    for (what, with, without) in [
        ("authentication, limits and headers, beside the routes alone", whole, routes),
        ("everything, beside the bare handler", whole, bare),
    ] {
        let ratios = runtime.block_on(ratios(without, with, &request, &body));
        println!("{what}, median of {ROUNDS} pairs of rounds: {ratios}");
    }
}

/// Pairs of rounds, one right after the other, so that both meet the same neighbours on the machine.
const ROUNDS: usize = 21;
const REQUESTS_PER_ROUND: u64 = 20_000;

async fn ratios(without: SocketAddr, with: SocketAddr, request: &str, body: &bytes::Bytes) -> String {
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (without, with) = (round(without, request, body).await, round(with, request, body).await);
        wall.push(without.0.as_secs_f64() / with.0.as_secs_f64());
        cpu.push(without.1.as_secs_f64() / with.1.as_secs_f64());
    }
    format!("{:.1} % of its rate, {:.1} % by CPU time (clients included)", median(wall), median(cpu))
}

/// Time and CPU time of one round.
async fn round(address: SocketAddr, request: &str, body: &bytes::Bytes) -> (Duration, Duration) {
    let (start, cpu) = (Instant::now(), cpu_time());
    ask_all(address, request, body, REQUESTS_PER_ROUND).await;
    (start.elapsed(), cpu_time() - cpu)
}

/// What this process has used so far, of all its threads (proc(5): nanoseconds come first).
fn cpu_time() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").expect("the list of threads");
    let used = threads.flatten().filter_map(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(used.sum())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    100.0 * values[values.len() / 2]
}

criterion_group!(benches, reads);
criterion_main!(benches);
