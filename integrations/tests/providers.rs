//! Stripe's provider against two stand-ins for Stripe, which `scripts/providers` starts: stripe-mock knows every
//! shape of the API and no state, localstripe knows the life of an intent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method as Verb, StatusCode, Uri};
use serde_json::Value;
use souk_domain::money::{Currency, Money};
use souk_integrations::payments::stripe::{Stripe, StripeOptions};
use souk_integrations::payments::{CreateIntent, Intent, IntentStatus, Method, PaymentProvider, ProviderError};

fn address(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run these tests with `scripts/test providers`"))
}

fn stripe(api_base: &str, secret_key: &str) -> Stripe {
    let options = StripeOptions {
        secret_key: secret_key.into(),
        webhook_secret: "whsec_1".into(),
        api_base: api_base.into(),
        publishable_key: "pk_test_1".into(),
        timeout: Duration::from_secs(10),
        webhook_tolerance: Duration::from_secs(300),
    };
    Stripe::new(options).expect("a client")
}

/// Every request a key of its own.
fn key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("key {} {}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn request(amount: Money) -> CreateIntent {
    CreateIntent { key: key(), amount, merchant_reference: "pay_00000000000000000000000007".into() }
}

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

fn card(payment_method: &str) -> Method {
    Method::Stripe { payment_method: payment_method.into() }
}

#[tokio::test]
async fn stripe_mock_takes_every_request_and_every_answer_is_read() {
    let stripe = stripe(&address("SOUK_TEST_STRIPE_MOCK"), "sk_test_123");
    let intent = stripe.create_intent(request(usd(1_999))).await.expect("create");
    assert!(intent.reference.0.starts_with("pi_"), "{intent:?}");
    assert_eq!(intent.client["publishable_key"], "pk_test_1");
    assert!(intent.client["client_secret"].is_string());
    let reference = &intent.reference;
    stripe.retrieve(reference).await.expect("retrieve");
    stripe.confirm(reference, &key(), &card("pm_card_visa")).await.expect("confirm");
    stripe.cancel(reference, &key()).await.expect("cancel");
    let refund = stripe.refund(reference, &key(), usd(100)).await.expect("refund");
    assert!(refund.reference.starts_with("re_"), "{refund:?}");
    assert!(!stripe.books().await.expect("books").is_empty());
}

#[tokio::test]
async fn stripe_mock_turns_a_wrong_key_and_a_wrong_parameter_away() {
    let base = address("SOUK_TEST_STRIPE_MOCK");
    let refused = stripe(&base, "nonsense").create_intent(request(usd(1_999))).await;
    assert!(matches!(refused, Err(ProviderError::NotDone(_))), "{refused:?}");
    let unwritable = Money::new(1_234, "KWD".parse().unwrap());
    let refused = stripe(&base, "sk_test_123").create_intent(request(unwritable)).await;
    assert!(matches!(refused, Err(ProviderError::Refused { code: "amount_invalid", .. })), "{refused:?}");
}

#[tokio::test]
async fn an_intent_lives_in_localstripe() {
    let stripe = stripe(&in_front_of(address("SOUK_TEST_LOCALSTRIPE")).await, "sk_test_123");
    let paid = stripe.create_intent(request(usd(1_999))).await.expect("create");
    assert_eq!((&paid.status, paid.amount, paid.captured), (&IntentStatus::RequiresMethod, usd(1_999), 0));
    assert_eq!(paid.merchant_reference, "pay_00000000000000000000000007");
    let captured = stripe.confirm(&paid.reference, &key(), &card("pm_card_visa")).await.expect("confirm");
    assert_eq!((&captured.status, captured.captured), (&IntentStatus::Captured, 1_999));
    let refund = stripe.refund(&paid.reference, &key(), usd(500)).await.expect("refund");
    assert_eq!((refund.amount, refund.intent.refunded), (usd(500), 500));

    let declined = stripe.create_intent(request(usd(700))).await.expect("create");
    let answer = stripe.confirm(&declined.reference, &key(), &card("pm_card_chargeCustomerFail")).await;
    assert!(matches!(answer, Err(ProviderError::Refused { code: "card_declined", .. })), "{answer:?}");
    let Intent { status, captured, .. } = stripe.retrieve(&declined.reference).await.expect("retrieve");
    assert!(matches!(status, IntentStatus::Declined { .. }) && captured == 0, "{status:?}");

    let voided = stripe.create_intent(request(Money::new(500, "JPY".parse().unwrap()))).await.expect("create");
    assert_eq!(stripe.cancel(&voided.reference, &key()).await.expect("cancel").status, IntentStatus::Cancelled);
    let books = stripe.books().await.expect("books");
    let of = |intent: &Intent| books.iter().find(|known| known.reference == intent.reference).expect("in the books");
    assert_eq!((of(&paid).captured, of(&paid).refunded, of(&declined).captured), (1_999, 500, 0));
    let unknown = souk_integrations::payments::IntentRef("pi_none".into());
    assert!(stripe.retrieve(&unknown).await.is_err());
}

/// What Stripe has and localstripe lacks: a confirmation that brings its payment method along, and the sum received.
async fn in_front_of(localstripe: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = Router::new().fallback(forward).with_state(localstripe);
    tokio::spawn(async move { axum::serve(listener, app).await });
    base
}

async fn forward(
    State(localstripe): State<String>,
    verb: Verb,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let send = async |path: &str, body: Bytes| {
        let mut request = http.request(verb.clone(), format!("{localstripe}{path}")).body(body);
        for name in ["authorization", "content-type"] {
            if let Some(value) = headers.get(name) {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await.expect("localstripe answers");
        (answer.status(), answer.text().await.expect("a body"))
    };
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let (status, text) = match path.strip_suffix("/confirm") {
        Some(intent) if !body.is_empty() => {
            let (status, text) = send(intent, body).await;
            if status.is_success() { send(path, Bytes::new()).await } else { (status, text) }
        }
        _ => send(path, body).await,
    };
    let Ok(mut answer) = serde_json::from_str::<Value>(&text) else { return (status, text) };
    receive(&mut answer);
    for item in answer["data"].as_array_mut().into_iter().flatten() {
        receive(item);
    }
    (status, answer.to_string())
}

fn receive(object: &mut Value) {
    if object["object"] == "payment_intent" && object["status"] == "succeeded" {
        object["amount_received"] = object["amount"].clone();
    }
}
