//! What a page of another origin can make a browser do.

use reqwest::Method;
use serde_json::json;

use super::open;

const EVIL: &str = "https://evil.example.com";

#[tokio::test]
async fn another_origin_gets_no_answer_it_may_read_and_cannot_act_with_a_cookie() {
    let mut shop = open(&[]).await;
    let client = shop.client();
    let read = client.send(Method::GET, "/api/v1/products/lamp", &[("origin", EVIL)], None).await;
    read.expect(200);
    assert_eq!(read.header("access-control-allow-origin"), "");
    assert_eq!(read.header("cross-origin-resource-policy"), "same-site");
    let preflight = [("origin", EVIL), ("access-control-request-method", "POST")];
    let preflight = client.send(Method::OPTIONS, "/api/v1/carts", &preflight, None).await;
    assert!(!preflight.is(204) && preflight.header("access-control-allow-methods").is_empty(), "{preflight}");
    for path in ["/api/v1/sessions/refresh", "/api/v1/carts"] {
        // A form can send this without a preflight.
        let form = [("origin", EVIL), ("cookie", "souk_refresh=x"), ("content-type", "text/plain")];
        let forged = client.send_bytes(Method::POST, path, &form, b"{}".to_vec()).await;
        forged.expect_problem(403, "origin_refused");
    }
    let body = json!({});
    let plain =
        client.send_bytes(Method::POST, "/api/v1/carts", &[("content-type", "text/plain")], body.to_string().into());
    plain.await.expect_problem(415, "unsupported_media_type");
    shop.close().await;
}

#[tokio::test]
async fn another_origin_cannot_open_a_socket() {
    let mut shop = open(&[]).await;
    let base = shop.server().base.clone();
    let handshake = |origin: &str| {
        format!(
            "GET /ws HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n{origin}\r\n",
            super::wire::address(&base)
        )
    };
    let answer = async |origin: &str| {
        use tokio::io::AsyncWriteExt;
        let mut stream = super::wire::connect(&base).await;
        stream.write_all(handshake(origin).as_bytes()).await.expect("a handshake");
        super::wire::next_answer(&mut stream).await.expect("an answer").0
    };
    assert_eq!(answer(&format!("origin: {EVIL}\r\n")).await, 403);
    assert_eq!(answer("origin: null\r\n").await, 403);
    assert_eq!(answer(&format!("origin: {base}\r\n")).await, 101);
    assert_eq!(answer("").await, 101);
    shop.close().await;
}
