use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::super::FaultRates;
use super::*;

const TOLERANCE: Duration = Duration::from_secs(300);

fn secrets() -> Secrets {
    Secrets { api_key: "sk_1".into(), webhook_secret: "whsec_1".into() }
}

fn options() -> ServerOptions {
    ServerOptions { api_key: "sk_1".into(), slow: Duration::from_millis(300), faults: FaultRates::default() }
}

async fn serve(sandbox: &Arc<Sandbox>, options: ServerOptions) -> (SandboxServer, SandboxClient) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = SandboxServer::start(Arc::clone(sandbox), listener, options).unwrap();
    let base = format!("http://{}/", server.address);
    let client = SandboxClient::new(&base, secrets(), Duration::from_millis(200), TOLERANCE).unwrap();
    (server, client)
}

async fn create_by(client: &SandboxClient, payment: &str) -> IntentRef {
    let (key, merchant_reference) = (format!("create {payment}"), payment.to_owned());
    client.create_intent(CreateIntent { key, amount: usd(1_999), merchant_reference }).await.unwrap().reference
}

#[tokio::test]
async fn it_is_the_same_provider_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    let (server, client) = serve(&sandbox, options()).await;
    let intent = create_by(&client, "pay_1").await;
    assert_eq!(create_by(&client, "pay_1").await, intent);
    assert!(matches!(
        client.confirm(&intent, "k1", &card("tok_declined")).await.unwrap().status,
        IntentStatus::Declined { .. }
    ));
    assert_eq!(code(client.confirm(&intent, "k1", &card("tok_ok")).await), "idempotency_key_reused");
    assert_eq!(code(client.confirm(&intent, "k2", &card("tok_gold")).await), "unknown_token");
    let stripe = Method::Stripe { payment_method: "pm_1".into() };
    assert_eq!(code(client.confirm(&intent, "k2", &stripe).await), "method_unknown");
    let paid = client.confirm(&intent, "k3", &card("tok_ok")).await.unwrap();
    assert_eq!(paid, sandbox.retrieve(&intent).await.unwrap());
    let refund = client.refund(&intent, "r1", usd(999)).await.unwrap();
    assert_eq!(client.refund(&intent, "r1", usd(999)).await.unwrap(), refund);
    assert_eq!(code(client.refund(&intent, "r2", usd(1_001)).await), "refund_exceeds_capture");

    let challenged = create_by(&client, "pay_2").await;
    let waits = client.confirm(&challenged, "k4", &card("tok_challenge")).await.unwrap();
    assert_eq!(waits.action_url, Some(format!("/sandbox/challenges/{challenged}")));
    assert_eq!(client.resolve_challenge(&challenged, Challenge::Pass).await.unwrap().captured, 1_999);
    for strange in ["none", "../books", "a?b"] {
        let nobody = IntentRef(strange.to_owned());
        assert_eq!(code(client.resolve_challenge(&nobody, Challenge::Pass).await), "intent_unknown");
    }
    let cancelled = create_by(&client, "pay_3").await;
    assert_eq!(client.cancel(&cancelled, "c1").await.unwrap().status, IntentStatus::Cancelled);
    assert_eq!(client.books().await.unwrap(), sandbox.books().await.unwrap());
    server.stop().await;
    let after = client.retrieve(&intent).await;
    assert!(matches!(after, Err(ProviderError::NotDone(_))), "nobody listens any more: {after:?}");
}

#[tokio::test]
async fn the_books_come_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path()).await;
    for n in 0..7 {
        create(&sandbox, &format!("pay_{n}")).await;
    }
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = sandbox.books_after(after.as_ref(), 3).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 3);
        after = Some(last.reference.clone());
        paged.extend(page);
    }
    assert_eq!((paged.len(), paged), (7, sandbox.books().await.unwrap()));
}

#[tokio::test]
async fn only_the_key_opens_it_and_bodies_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    let (server, _) = serve(&sandbox, options()).await;
    let base = format!("http://{}", server.address);
    let wrong = Secrets { api_key: "sk_2".into(), ..secrets() };
    let stranger = SandboxClient::new(&base, wrong, Duration::from_secs(1), TOLERANCE).unwrap();
    assert!(matches!(stranger.books().await, Err(ProviderError::NotDone(_))));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = |body: String| http.post(format!("{base}/v1/intents")).bearer_auth("sk_1").body(body).send();
    assert_eq!(post("x".repeat(20_000)).await.unwrap().status(), 413);
    assert_eq!(post("{}".into()).await.unwrap().status(), 400);
    assert!(sandbox.books().await.unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_silent_card_acts_and_a_failing_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    let (server, client) = serve(&sandbox, options()).await;
    let status = async |intent: &IntentRef| client.retrieve(intent).await.unwrap().status;
    for token in ["tok_silent", "tok_slow"] {
        let intent = create_by(&client, token).await;
        let answer = client.confirm(&intent, token, &card(token)).await;
        assert!(matches!(answer, Err(ProviderError::Unknown(_))), "{token}: {answer:?}");
        assert_eq!(status(&intent).await, IntentStatus::Captured, "{token}");
    }
    let intent = create_by(&client, "fails").await;
    let failed = client.confirm(&intent, "f1", &card("tok_fails")).await;
    assert!(matches!(failed, Err(ProviderError::NotDone(_))), "{failed:?}");
    assert_eq!(status(&intent).await, IntentStatus::RequiresMethod);
    assert_eq!(client.confirm(&intent, "f1", &card("tok_fails")).await.unwrap().captured, 1_999);
    server.stop().await;
}

#[tokio::test]
async fn faults_by_chance_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(open(folder.path()).await);
    let faults = FaultRates { fails: 300, slow: 100, seed: 3, ..FaultRates::default() };
    let (server, client) = serve(&sandbox, ServerOptions { faults, ..options() }).await;
    let mut failures = 0;
    for n in 0..40 {
        let request =
            CreateIntent { key: format!("create {n}"), amount: usd(5), merchant_reference: format!("pay_{n}") };
        let intent = loop {
            match client.create_intent(request.clone()).await {
                Ok(intent) => break intent.reference,
                Err(_) => failures += 1,
            }
        };
        while client.confirm(&intent, &format!("k{n}"), &card("tok_ok")).await.is_err() {
            failures += 1;
        }
    }
    assert!(failures > 20, "{failures}");
    let books = sandbox.books().await.unwrap();
    assert_eq!((books.len(), books.iter().map(|intent| intent.captured).sum::<i64>()), (40, 200));
    server.stop().await;
}

/// Takes webhooks, the first `refusals` of them with a 503.
async fn receiver(refusals: usize) -> (String, mpsc::UnboundedReceiver<(String, Bytes)>) {
    let (heard, hears) = mpsc::unbounded_channel();
    let left = Arc::new(std::sync::atomic::AtomicUsize::new(refusals));
    let handler =
        async move |State(left): State<Arc<std::sync::atomic::AtomicUsize>>, headers: HeaderMap, body: Bytes| {
            let signature = headers["sandbox-signature"].to_str().unwrap().to_owned();
            let refuse = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if refuse {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            heard.send((signature, body)).unwrap();
            StatusCode::NO_CONTENT
        };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = Router::new().route("/hook", post(handler)).with_state(left);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, hears)
}

fn target(url: &str) -> Option<WebhookTarget> {
    Some(WebhookTarget { url: url.to_owned(), secret: "whsec_1".into(), faults: FaultRates::default() })
}

#[tokio::test]
async fn a_webhook_comes_until_it_is_taken_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let nobody = target("http://127.0.0.1:1/hook");
    let sandbox = Sandbox::open_with(folder.path(), LATE, dial.clock(), nobody).await.unwrap();
    let intent = create(&sandbox, "pay_1").await;
    sandbox.confirm(&intent, "k1", &card("tok_challenge")).await.unwrap();
    sandbox.resolve_challenge(&intent, Challenge::Pass).await.unwrap();
    sandbox.close().await;
    drop(sandbox);

    let (url, mut hears) = receiver(2).await;
    // The pause after a refusal goes by the sandbox's clock.
    dial.turn(Duration::from_secs(60));
    let sandbox = Sandbox::open_with(folder.path(), LATE, dial.clock(), target(&url)).await.unwrap();
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    let (signature, body) = loop {
        tokio::select! {
            heard = hears.recv() => break heard.unwrap(),
            _ = ticks.tick() => dial.turn(Duration::from_secs(60)),
        }
    };
    let client = SandboxClient::new("http://unused", secrets(), TOLERANCE, TOLERANCE * 10_000).unwrap();
    let hint = client.read_webhook(&signature, &body, dial.clock()()).unwrap();
    assert_eq!(hint.intent, Some(intent));
    let forged = SandboxClient::new(
        "http://unused",
        Secrets { webhook_secret: "other".into(), ..secrets() },
        TOLERANCE,
        TOLERANCE,
    );
    assert_eq!(forged.unwrap().read_webhook(&signature, &body, dial.clock()()), Err(WebhookFault::Forged));
    until("it is settled", async || sandbox.shared.next_webhook().is_none()).await;
    assert!(hears.try_recv().is_err(), "taken is taken");
}

#[tokio::test]
async fn each_card_announces_in_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let dial = Dial::default();
    let (url, mut hears) = receiver(0).await;
    let sandbox = Sandbox::open_with(folder.path(), LATE, dial.clock(), target(&url)).await.unwrap();
    let tokens = ["tok_late", "tok_webhook_twice", "tok_webhook_out_of_order", "tok_webhook_never", "tok_ok"];
    for token in tokens {
        let intent = create(&sandbox, token).await;
        sandbox.confirm(&intent, token, &card(token)).await.unwrap();
    }
    dial.turn(LATE);
    let mut kinds = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    while kinds.len() < 5 {
        tokio::select! {
            heard = hears.recv() => {
                let event: serde_json::Value = serde_json::from_slice(&heard.unwrap().1).unwrap();
                kinds.push(event["type"].as_str().unwrap().to_owned());
            }
            _ = ticks.tick() => dial.turn(Duration::from_secs(1)),
        }
    }
    until("all are settled", async || sandbox.shared.next_webhook().is_none()).await;
    assert!(hears.try_recv().is_err(), "one, two, two, none, and none for what the call itself answered");
    kinds.sort();
    assert_eq!(kinds[..4], ["intent.captured"; 4]);
    assert_eq!(kinds[4], "intent.processing");
}
