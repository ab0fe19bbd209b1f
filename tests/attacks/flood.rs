//! The limiter against many addresses and against one.

use std::net::Ipv4Addr;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use super::wire::{connect, memory, next_answer};
use super::{is_long, open};

/// As `[limits] max_clients` has it by default, and as the manual states: some 50 bytes for each client in each table.
const MOST_CLIENTS: usize = 100_000;
const BYTES_FOR_A_CLIENT: usize = 60;
const ADDRESSES: u32 = 100_000;

fn limited() -> [(&'static str, &'static str); 2] {
    [("LIMITS__ENABLED", "true"), ("TRUSTED_PROXIES", "[\"127.0.0.1\"]")]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_addresses_take_no_more_memory_than_is_stated() {
    let mut shop = open(&limited()).await;
    let base = shop.server().base.clone();
    // So that what the first requests need anyway is there.
    flood(&base, 0, 2_000).await;
    let process = shop.server().id();
    let before = memory(process, "VmRSS");
    let rounds = if is_long() { 3 } else { 1 };
    for round in 1..=rounds {
        flood(&base, round * ADDRESSES, ADDRESSES).await;
    }
    let grown = memory(process, "VmRSS").saturating_sub(before);
    let stated = MOST_CLIENTS * BYTES_FOR_A_CLIENT;
    println!(
        "{} addresses: {} KiB more, {} KiB are stated for one class",
        rounds * ADDRESSES,
        grown / 1024,
        stated / 1024
    );
    // The rest is for what an allocator keeps of everything else that so many requests did.
    assert!(grown < stated + 16 * 1024 * 1024, "{grown} bytes more");
    // A client that used up its allowance is still known by it afterwards.
    let known = shop.client();
    let forwarded = [("x-forwarded-for", "203.0.113.77")];
    let ask = async || known.send(reqwest::Method::GET, "/api/v1/orders/x", &forwarded, None).await;
    let mut refused = 0;
    for _ in 0..60 {
        refused += usize::from(ask().await.is(429));
    }
    assert!(refused > 0);
    shop.close().await;
}

/// Requests of so many addresses behind a trusted proxy, over a few connections as a proxy has them.
async fn flood(base: &str, first: u32, count: u32) {
    const CONNECTIONS: u32 = 16;
    let mut asking = JoinSet::new();
    for connection in 0..CONNECTIONS {
        let base = base.to_owned();
        asking.spawn(async move {
            let mut stream = connect(&base).await;
            for number in (first + connection..first + count).step_by(CONNECTIONS as usize) {
                let address = Ipv4Addr::from(0x0B00_0000 + number);
                let request = format!(
                    "GET /api/v1/orders/x HTTP/1.1\r\nhost: souk\r\nx-forwarded-for: 10.9.9.9, {address}\r\n\r\n"
                );
                stream.write_all(request.as_bytes()).await.expect("asked");
                let (status, _, body) = next_answer(&mut stream).await.expect("an answer");
                assert_eq!(status, 404, "{address}: {body}");
            }
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.expect("a connection");
    }
}

#[tokio::test]
async fn of_forty_quick_calls_at_least_twenty_pass_and_then_there_is_a_429() {
    let mut shop = open(&limited()).await;
    let client = shop.client();
    let from = |address: &'static str, path: &'static str| {
        let client = client.clone();
        async move { client.send(reqwest::Method::GET, path, &[("x-forwarded-for", address)], None).await }
    };
    let mut passed = 0;
    let refused = loop {
        let answer = from("198.51.100.1", "/api/v1/products/lamp").await;
        if answer.is(429) {
            break answer;
        }
        answer.expect(200);
        passed += 1;
        assert!(passed < 1_000, "nothing is refused");
    };
    assert!(passed >= 20, "only {passed} passed");
    refused.expect_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit-policy"), "\"reads\";q=20;w=2");
    assert!(refused.header("ratelimit").starts_with("\"reads\";r=0;t="));
    // Another class, another client, and files.
    let body = json!({});
    let write =
        client.send(reqwest::Method::POST, "/api/v1/carts", &[("x-forwarded-for", "198.51.100.1")], Some(&body));
    write.await.expect(201);
    from("198.51.100.2", "/api/v1/products/lamp").await.expect(200);
    for _ in 0..60 {
        from("198.51.100.1", "/page.css").await.expect(200);
    }
    shop.close().await;
}

#[tokio::test]
async fn whoever_is_no_trusted_proxy_cannot_choose_an_address() {
    let mut shop = open(&[("LIMITS__ENABLED", "true")]).await;
    let client = shop.client();
    let mut refused = false;
    for number in 0..200 {
        let address = format!("198.51.100.{number}");
        let headers = [("x-forwarded-for", address.as_str()), ("forwarded", "for=192.0.2.1")];
        refused |= client.send(reqwest::Method::GET, "/api/v1/products/lamp", &headers, None).await.is(429);
    }
    assert!(refused, "a header of the client's own bought it another allowance");
    shop.close().await;
}
