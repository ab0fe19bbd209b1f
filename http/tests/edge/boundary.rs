//! What happens around every request, whatever it asks for.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::routing::get;
use souk_http::config::{EdgeConfig, LimitConfig};
use souk_http::middleware::boundary::Boundary;
use souk_http::middleware::client_address::Peer;
use tokio::sync::Notify;
use tower::ServiceExt;

use super::answer::Answer;
use super::shop::Shop;

fn unlimited() -> EdgeConfig {
    let mut config = EdgeConfig::default();
    config.limits.enabled = false;
    config
}

fn around(config: &EdgeConfig, router: Router) -> Router {
    router.layer(Boundary::new(config, None))
}

async fn ask(router: &Router, path: &str) -> Answer {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    Answer::of(router.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_next_request_is_answered() {
    async fn broken() -> &'static str {
        panic!("on purpose")
    }
    let router =
        around(&unlimited(), Router::new().route("/broken", get(broken)).route("/fine", get(|| async { "fine" })));
    assert_eq!(ask(&router, "/broken").await.expect(500).code(), "internal");
    ask(&router, "/fine").await.expect(200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let mut config = unlimited();
    config.server.request_timeout_ms = 20;
    let router = around(&config, Router::new().route("/slow", get(std::future::pending::<()>)));
    assert_eq!(ask(&router, "/slow").await.expect(503).code(), "timed_out");
}

#[tokio::test]
async fn one_request_too_many_is_turned_away_at_once() {
    let mut config = unlimited();
    config.server.max_requests_in_flight = 1;
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (entered, leave) = (Arc::clone(&entered), Arc::clone(&leave));
        move || async move {
            entered.notify_one();
            leave.notified().await;
        }
    };
    let router = around(&config, Router::new().route("/slow", get(slow)).route("/fine", get(|| async { "fine" })));
    let first = tokio::spawn({
        let router = router.clone();
        async move { ask(&router, "/slow").await }
    });
    entered.notified().await;
    assert_eq!(ask(&router, "/fine").await.expect(503).code(), "overloaded");
    leave.notify_one();
    first.await.unwrap().expect(200);
    ask(&router, "/fine").await.expect(200);
}

#[tokio::test]
async fn a_usable_request_id_is_kept_and_others_are_replaced() {
    let shop = Shop::open().await;
    let with = |id: &'static [u8]| shop.ask(Method::GET, "/nothing").header("x-request-id", id).send();
    assert_eq!(with(b"trace-7").await.expect(404).json()["request_id"], "trace-7");
    for bad in [b"a b".as_slice(), b"a\"b", b"<script>", "ä".as_bytes()] {
        assert_eq!(with(bad).await.header("x-request-id").len(), 32);
    }
}

async fn from(shop: &Shop, client: &str, method: Method, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let mut request = request;
    request.extensions_mut().insert(Peer(client.parse().unwrap()));
    Answer::of(shop.router.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn limits_are_told_kept_and_counted_for_each_client_and_class() {
    let mut config = EdgeConfig::default();
    // Slow enough that nothing is earned while the test runs.
    let class = LimitConfig { per_second: 1, burst: 3 };
    (config.limits.reads, config.limits.writes) = (class, class);
    let shop = Shop::open_with(config).await;
    let path = "/api/v1/products";
    let first = from(&shop, "10.0.0.1:1", Method::GET, path).await.expect(200);
    assert_eq!(first.header("ratelimit-policy"), "\"reads\";q=3;w=3");
    assert_eq!(first.header("ratelimit"), "\"reads\";r=2;t=1");
    let mut refused = None;
    for _ in 0..20 {
        let answer = from(&shop, "10.0.0.1:2", Method::GET, path).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a refusal").expect(429);
    assert_eq!((refused.code(), refused.header("retry-after")), ("rate_limited".into(), "1"));
    assert_eq!(refused.header("ratelimit"), "\"reads\";r=0;t=3");
    from(&shop, "10.0.0.2:1", Method::GET, path).await.expect(200);
    from(&shop, "10.0.0.1:3", Method::POST, "/api/v1/carts").await.expect(201);
    for _ in 0..20 {
        from(&shop, "10.0.0.1:4", Method::GET, "/health").await.expect(200);
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_allowed_only_where_the_config_says_so() {
    let mut config = unlimited();
    config.cors_origins = vec!["https://shop.example.com".into()];
    let shop = Shop::open_with(config).await;
    let ask = |method: Method, origin: &'static str| {
        let ask = shop.ask(method, "/api/v1/carts").header("origin", origin);
        ask.header("access-control-request-method", "POST").send()
    };
    let preflight = ask(Method::OPTIONS, "https://shop.example.com").await.expect(204);
    assert_eq!(preflight.header("access-control-allow-origin"), "https://shop.example.com");
    assert!(preflight.header("access-control-allow-headers").contains("idempotency-key"));
    assert!(preflight.header("access-control-allow-methods").contains("PATCH"));
    let made = ask(Method::POST, "https://shop.example.com").await.expect(201);
    assert_eq!(made.header("access-control-allow-origin"), "https://shop.example.com");
    assert!(made.header("access-control-expose-headers").contains("location"));
    assert_eq!(made.header("access-control-allow-credentials"), "");
    for origin in ["https://evil.example.com", "https://shop.example.com.evil.com", "null"] {
        let refused = ask(Method::OPTIONS, origin).await.expect(405);
        assert_eq!(refused.header("access-control-allow-origin"), "");
        assert_eq!(ask(Method::POST, origin).await.header("access-control-allow-origin"), "");
    }
    let closed = Shop::open().await;
    let answer = closed.ask(Method::GET, "/health").header("origin", "https://shop.example.com").send().await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn logs_have_neither_ids_of_carts_nor_keys() {
    let shop = Shop::open().await;
    let pot = shop.product("pot", 5, 1_000).await;
    let lines = capture();
    let guard = tracing::subscriber::set_default(lines.clone());
    let cart = shop.filled_cart(&pot, 1).await;
    let order = shop.place(&cart, "k").await.expect(201).json();
    let key = order["access_key"].as_str().unwrap();
    shop.get(&format!("/api/v1/orders/{}?key={key}", order["id"].as_str().unwrap())).await.expect(200);
    shop.get("/nothing/secret").await.expect(404);
    drop(guard);
    let lines = lines.lines();
    assert!(
        lines.contains("path=\"/api/v1/carts/{id}/lines\"") || lines.contains("/api/v1/carts/{id}/lines"),
        "{lines}"
    );
    assert!(lines.contains("duration_ms") && lines.contains("status") && lines.contains("not_found"));
    for secret in [cart.as_str(), key, "secret", "ada@example.com"] {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
}

/// A subscriber that writes every event's fields into one text.
#[derive(Clone, Default)]
struct Capture(Arc<std::sync::Mutex<String>>);

fn capture() -> Capture {
    Capture::default()
}

impl Capture {
    fn lines(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl tracing::Subscriber for Capture {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }

    fn new_span(&self, _span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _span: &tracing::span::Id, _values: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _span: &tracing::span::Id, _follows: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        struct Fields<'a>(&'a mut String);
        impl tracing::field::Visit for Fields<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{}={value:?} ", field.name()));
            }
        }
        let mut text = self.0.lock().unwrap();
        event.record(&mut Fields(&mut text));
        text.push('\n');
    }

    fn enter(&self, _span: &tracing::span::Id) {}

    fn exit(&self, _span: &tracing::span::Id) {}
}

#[tokio::test]
async fn a_client_that_does_not_wait_leaves_a_line_too() {
    let lines = capture();
    let guard = tracing::subscriber::set_default(lines.clone());
    let router = around(&unlimited(), Router::new().route("/slow", get(std::future::pending::<()>)));
    let request = Request::builder().uri("/slow").body(Body::empty()).unwrap();
    let gave_up = tokio::time::timeout(Duration::from_millis(10), router.oneshot(request)).await;
    drop(guard);
    assert!(gave_up.is_err() && lines.lines().contains("the client went away"));
}

#[tokio::test]
async fn an_account_has_one_allowance_wherever_it_calls_from() {
    let mut config = EdgeConfig::default();
    // Slow enough that nothing is earned while the test runs.
    config.limits.reads = LimitConfig { per_second: 1, burst: 3 };
    let shop = Shop::open_with(config).await;
    let (_, token) = shop.guest("Ada").await;
    let mut answers = Vec::new();
    for host in 1..=20 {
        let path = "/api/v1/orders/ord_01h455vb4pex5vsknk084sn02q";
        let request = Request::builder().uri(path).header("authorization", format!("Bearer {token}"));
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(format!("192.0.2.{host}:1").parse().unwrap()));
        answers.push(Answer::of(shop.router.clone().oneshot(request).await.unwrap()).await);
    }
    let refused: Vec<_> = answers.into_iter().filter(|answer| answer.status == 429).collect();
    assert!(refused.len() >= 10, "{}", refused.len());
    assert_eq!(refused[0].header("ratelimit-policy"), "\"reads-account\";q=3;w=3");
    assert!(refused[0].header("ratelimit").starts_with("\"reads-account\";r=0;t="));
}

#[tokio::test]
async fn what_a_browser_adds_by_itself_counts_only_from_pages_that_may_act() {
    let mut config = unlimited();
    config.cors_origins = vec!["https://shop.example.com".into()];
    let shop = Shop::open_with(config).await;
    let with = |origin: &'static str, cookie: &'static str| {
        let ask = shop.ask(Method::POST, "/api/v1/carts").header("host", "souk.example.com");
        let ask = if cookie.is_empty() { ask } else { ask.header("cookie", cookie) };
        if origin.is_empty() { ask.send() } else { ask.header("origin", origin).send() }
    };
    assert_eq!(with("https://evil.example.com", "a=b").await.expect(403).code(), "origin_refused");
    assert_eq!(with("null", "a=b").await.expect(403).code(), "origin_refused");
    for (origin, cookie) in [
        ("https://souk.example.com", "a=b"),
        ("https://shop.example.com", "a=b"),
        ("", "a=b"),
        ("https://evil.example.com", ""),
    ] {
        with(origin, cookie).await.expect(201);
    }
}

#[tokio::test]
async fn a_socket_is_opened_only_by_pages_that_may_act() {
    let shop = Shop::open().await;
    let from = |origin: &'static str| {
        let ask = shop.ask(Method::GET, "/ws").header("host", "souk.example.com").header("upgrade", "websocket");
        ask.header("connection", "upgrade").header("origin", origin).send()
    };
    assert_eq!(from("https://evil.example.com").await.expect(403).code(), "origin_refused");
    // What follows is about the handshake itself, which this request is too short for.
    assert_eq!(from("https://souk.example.com").await.expect(426).code(), "upgrade_required");
}

#[tokio::test]
async fn every_page_can_load_only_what_is_ours() {
    let shop = Shop::open().await;
    for path in ["/errors", "/api/docs"] {
        let page = shop.get(path).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let policy = page.header("content-security-policy");
        assert!(!policy.contains("unsafe") && !policy.contains('*') && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert!(page.header("permissions-policy").contains("camera=()"));
        let text = String::from_utf8(page.bytes.to_vec()).unwrap();
        assert!(!text.contains("<script") && !text.contains("style=\""), "{path}");
    }
    let moved = shop.get("/docs").await.expect(308);
    assert_eq!(moved.header("location"), "/api/docs");
}
