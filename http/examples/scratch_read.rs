#[path = "../tests/edge/answer.rs"]
#[allow(dead_code)]
mod answer;
#[path = "/tmp/scratch_shop.rs"]
#[allow(dead_code)]
mod shop;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use futures::future::join_all;
use souk_http::config::ServerConfig;
use souk_http::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

async fn ask(address: SocketAddr, path: &str, times: u64) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: souk\r\n\r\n");
    let mut buffer = vec![0; 16 * 1024];
    for _ in 0..times {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut filled = 0;
        loop {
            filled += stream.read(&mut buffer[filled..]).await.unwrap();
            if let Some(_) = whole(&buffer[..filled]) {
                break;
            }
        }
    }
}
fn whole(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head]).unwrap();
    let i = text.find("content-length: ").unwrap() + 16;
    let j = text[i..].find('\r').unwrap();
    let total = head + text[i..i + j].parse::<usize>().unwrap();
    (answer.len() >= total).then_some(total)
}
async fn ask_all(address: SocketAddr, path: &str, requests: u64) {
    let asking = (0..32).map(|_| {
        let path = path.to_owned();
        tokio::spawn(async move { ask(address, &path, requests / 32).await })
    });
    for asked in join_all(asking).await {
        asked.unwrap();
    }
}

#[tokio::main]
async fn main() {
    let house = shop::Shop::open().await;
    let product = house.product("pot", 1_000, 100).await;
    let short = house.product_short("cup", 1_000, 100).await;
    if let Ok(who) = std::env::var("ONLY") {
        let path = format!("/api/v1/products/{}", short.id);
        let body = house.get(&path).await.bytes;
        let b = body.clone();
        let router = match who.as_str() {
            "souk" => house.router.clone(),
            _ => Router::new().route(&path, get(move || async move { ([("content-type", "application/json")], b) })),
        };
        let server = Server::bind(([127, 0, 0, 1], 0).into(), ServerConfig::default()).unwrap();
        let a = server.local_addr().unwrap();
        tokio::spawn(server.run(router, std::future::pending()));
        let start = Instant::now();
        ask_all(a, &path, 400_000).await;
        println!("{:.0}/s", 400_000.0 / start.elapsed().as_secs_f64());
        std::process::exit(0);
    }
    for product in [short, product] {
        let path = format!("/api/v1/products/{}", product.id);
        let body = house.get(&path).await.bytes;
        println!("body {}", body.len());
        let server = Server::bind(([127, 0, 0, 1], 0).into(), ServerConfig::default()).unwrap();
        let souk = server.local_addr().unwrap();
        tokio::spawn(server.run(house.router.clone(), std::future::pending()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bare = listener.local_addr().unwrap();
        let b = body.clone();
        let handler = move || async move { ([("content-type", "application/json")], b) };
        let app = Router::new().route(&path, get(handler));
        let app2 = app.clone();
        tokio::spawn(async move { axum::serve(listener, app).await });
        let server = Server::bind(([127, 0, 0, 1], 0).into(), ServerConfig::default()).unwrap();
        let bare_own = server.local_addr().unwrap();
        tokio::spawn(server.run(app2, std::future::pending()));
        let mut sums = [Duration::ZERO; 3];
        const N: u64 = 32 * 400;
        for _ in 0..24 {
            for (i, address) in [bare, souk, bare_own].into_iter().enumerate() {
                let start = Instant::now();
                ask_all(address, &path, N).await;
                sums[i] += start.elapsed();
            }
        }
        let rate = |d: Duration| (N * 24) as f64 / d.as_secs_f64();
        println!(
            "bare {:.0}/s souk {:.0}/s ({:.1} %), bare on own server {:.0}/s",
            rate(sums[0]),
            rate(sums[1]),
            100.0 * rate(sums[1]) / rate(sums[0]),
            rate(sums[2])
        );
    }
    std::process::exit(0);
}
