//! What a payment makes of a provider that is slow, silent, broken or wrong, and how money goes back.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use souk_actors::check::check;
use souk_actors::orders::refunds::{RefundError, RefundOrder};
use souk_actors::orders::view::OrderView;
use souk_actors::runtime::entity::Limits;
use souk_actors::runtime::error::CallError;
use souk_domain::id::OrderId;
use souk_domain::money::{Currency, Money};
use souk_domain::order::command::OrderRefusal;
use souk_domain::order::state::OrderStatus;
use souk_domain::payment::state::PaymentMethod;
use souk_domain::time::Timestamp;
use souk_integrations::payments::sandbox::{FaultRates, Sandbox, SandboxClient, SandboxServer, Secrets, ServerOptions};
use souk_integrations::payments::{
    CreateIntent, Intent, IntentRef, Method, PaymentProvider, ProviderError, Refund, WebhookFault, WebhookHint,
};
use support::{TestHouse, eventually, with_key};
use tokio::net::TcpListener;

const LONG: Duration = Duration::from_secs(900);

fn card(token: &str) -> PaymentMethod {
    PaymentMethod::SandboxCard { token: token.into() }
}

/// A house whose sandbox is behind HTTP. The client gives a call 300 ms.
async fn over_http(path: &std::path::Path, faults: FaultRates) -> (TestHouse, SandboxServer) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let secrets = Secrets { api_key: "sk_1".into(), webhook_secret: "whsec_1".into() };
    let options = ServerOptions { api_key: "sk_1".into(), slow: Duration::from_millis(100), faults };
    let mut server = None;
    let house = TestHouse::open_paid_by(path, LONG, Limits::default(), |sandbox| {
        server = Some(SandboxServer::start(sandbox, listener, options).unwrap());
        Arc::new(SandboxClient::new(&base, secrets, Duration::from_millis(300), LONG).unwrap())
    });
    (house.await, server.unwrap())
}

async fn ordered(house: &TestHouse, key: &str) -> OrderView {
    let (_, variant) = house.product(&format!("pot-{key}"), 1_000, 50).await;
    house.place(house.cart(&[(variant, 1)]).await, key).await.expect("placed")
}

async fn paid(house: &TestHouse, key: &str) -> OrderView {
    let order = ordered(house, key).await;
    house.market.payments.confirm(order.payment.id, &with_key(&order), card("tok_ok")).await.expect("paid");
    until_status(house, &order, OrderStatus::Confirmed).await;
    order
}

async fn until_status(house: &TestHouse, order: &OrderView, status: OrderStatus) {
    let viewer = with_key(order);
    eventually(&format!("{status:?}"), || async {
        house.market.orders.view(order.id, &viewer).await.is_ok_and(|order| order.status == status)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misbehaving_card_ends_in_one_capture() {
    let folder = tempfile::tempdir().unwrap();
    let (house, server) = over_http(folder.path(), FaultRates::default()).await;
    let tokens = ["tok_ok", "tok_slow", "tok_silent", "tok_fails", "tok_late", "tok_webhook_never"];
    for token in tokens {
        let order = ordered(&house, token).await;
        let answer = house.market.payments.confirm(order.payment.id, &with_key(&order), card(token)).await;
        let status = answer.expect("an answer").status;
        let late = matches!(token, "tok_late" | "tok_webhook_never");
        assert_eq!(status, if late { "processing" } else { "captured" }, "{token}");
        until_status(&house, &order, OrderStatus::Confirmed).await;
    }
    let books = house.sandbox.books().await.unwrap();
    assert!(books.iter().all(|intent| intent.captured == 1_500), "{books:#?}");
    assert_eq!(books.len(), tokens.len());
    house.assert_rules_hold().await;
    server.stop().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_confirms_at_once_are_one_capture_also_when_the_provider_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let (house, server) = over_http(folder.path(), FaultRates::default()).await;
    for token in ["tok_ok", "tok_silent"] {
        let order = ordered(&house, token).await;
        let viewer = with_key(&order);
        let confirms = (0..20).map(|_| house.market.payments.confirm(order.payment.id, &viewer, card(token)));
        for confirmed in join_all(confirms).await {
            assert_eq!(confirmed.expect("an answer").status, "captured", "{token}");
        }
    }
    let books = house.sandbox.books().await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.captured).sum::<i64>(), 3_000);
    house.assert_rules_hold().await;
    server.stop().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_by_chance_costs_time_and_no_money() {
    let folder = tempfile::tempdir().unwrap();
    let faults = FaultRates { slow: 100, silent: 100, fails: 200, seed: 5, ..FaultRates::default() };
    let (house, server) = over_http(folder.path(), faults).await;
    let keys: Vec<_> = (0..10).map(|n| format!("k{n}")).collect();
    let orders = join_all(keys.iter().map(|key| paid(&house, key))).await;
    let books = house.sandbox.books().await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.captured).sum::<i64>(), 15_000);
    for order in &orders {
        let refund = RefundOrder { order_id: order.id, ..refund(order.id, "r", None) };
        until_refunded(&house, refund).await;
    }
    house.assert_rules_hold().await;
    let books = house.sandbox.books().await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.refunded).sum::<i64>(), 15_000, "each once");
    server.stop().await;
    house.close().await;
}

async fn until_refunded(house: &TestHouse, request: RefundOrder) {
    eventually("it went back", || async {
        match house.market.orders.refund(request.clone()).await {
            Ok(refund) => refund.status == "done",
            Err(RefundError::InProgress) => false,
            Err(error) => panic!("{error:?}"),
        }
    })
    .await;
}

fn refund(order_id: OrderId, key: &str, amount: Option<i64>) -> RefundOrder {
    RefundOrder {
        order_id,
        key: key.into(),
        fingerprint: format!("{amount:?}"),
        amount: amount.map(|amount| Money::new(amount, Currency::USD)),
        reason: "broken".into(),
        requested_by: "staff:ada".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_give_back_a_part_and_the_rest_and_a_key_has_one_answer_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let order = paid(&house, "k").await;
    let ask = |key: &str, amount| house.market.orders.refund(refund(order.id, key, amount));
    let part = ask("r1", Some(600)).await.expect("a part");
    assert_eq!((part.status, part.amount.amount), ("done", 600));
    assert_eq!(ask("r1", Some(600)).await.expect("again").id, part.id);
    let reused = RefundError::Order(CallError::Refused(OrderRefusal::KeyReused));
    assert_eq!(ask("r1", Some(601)).await.unwrap_err(), reused);
    let too_large = RefundError::TooLarge(Money::new(900, Currency::USD));
    assert_eq!(ask("r2", Some(901)).await.unwrap_err(), too_large);
    let euros = RefundOrder { amount: Some(Money::new(1, Currency::EUR)), ..refund(order.id, "r3", None) };
    assert_eq!(house.market.orders.refund(euros).await.unwrap_err(), RefundError::CurrencyDiffers(Currency::USD));
    let viewer = with_key(&order);
    let view = house.market.orders.view(order.id, &viewer).await.unwrap();
    assert_eq!((view.status, view.refunded.amount), (OrderStatus::Confirmed, 600));
    house.close().await;

    let house = TestHouse::open(folder.path(), LONG).await;
    let ask = |key: &str, amount| house.market.orders.refund(refund(order.id, key, amount));
    assert_eq!(ask("r1", Some(600)).await.expect("after a restart").id, part.id);
    assert_eq!(ask("r2", Some(901)).await.unwrap_err(), too_large, "a refusal is an answer too");
    assert_eq!(ask("r4", None).await.expect("the rest").amount.amount, 900);
    let view = house.market.orders.view(order.id, &viewer).await.unwrap();
    assert_eq!((view.status, view.refunded.amount), (OrderStatus::Refunded, 1_500));
    assert_eq!(view.payment.status, "refunded");
    let none_left = RefundError::TooLarge(Money::new(0, Currency::USD));
    assert_eq!(ask("r5", None).await.unwrap_err(), none_left);
    assert_eq!(house.market.orders.refunds(order.id).await.unwrap().len(), 4);
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_was_cut_off_goes_on_after_a_restart_and_happens_once() {
    let folder = tempfile::tempdir().unwrap();
    let broken = Arc::new(AtomicBool::new(false));
    let house = TestHouse::open_paid_by(folder.path(), LONG, Limits::default(), |sandbox| {
        Arc::new(Twisted { sandbox, twist: Twist::SilentRefunds(Arc::clone(&broken)) })
    })
    .await;
    let order = paid(&house, "k").await;
    broken.store(true, Ordering::SeqCst);
    let (first, second) = tokio::join!(
        tokio::time::timeout(Duration::from_millis(500), house.market.orders.refund(refund(order.id, "r", Some(100)))),
        async {
            eventually("the first one runs", || async {
                house.market.orders.refunds(order.id).await.is_ok_and(|refunds| !refunds.is_empty())
            })
            .await;
            house.market.orders.refund(refund(order.id, "r", Some(100))).await
        }
    );
    assert!(first.is_err(), "no answer while nobody knows");
    assert_eq!(second.unwrap_err(), RefundError::InProgress);
    house.close().await;

    let house = TestHouse::open(folder.path(), LONG).await;
    until_refunded(&house, refund(order.id, "r", Some(100))).await;
    assert_eq!(house.sandbox.books().await.unwrap()[0].refunded, 100, "once");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sum_is_never_paid_and_goes_back_and_the_check_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let hold = Duration::from_secs(2);
    let house = TestHouse::open_paid_by(folder.path(), hold, Limits::default(), |sandbox| {
        Arc::new(Twisted { sandbox, twist: Twist::OtherCurrencyOnceCaptured })
    })
    .await;
    let order = ordered(&house, "k").await;
    let viewer = with_key(&order);
    let answer = house.market.payments.confirm(order.payment.id, &viewer, card("tok_ok")).await.expect("an answer");
    assert_eq!(answer.status, "mismatched");
    until_status(&house, &order, OrderStatus::Expired).await;
    let intent = &house.sandbox.books().await.unwrap()[0];
    assert_eq!((intent.captured, intent.refunded), (1_500, 1_500), "it went back");
    let report = check(&house.stores, &house.sandbox.books().await.unwrap()).await.unwrap();
    assert_eq!(report.violations.len(), 1, "{:#?}", report.violations);
    assert!(report.violations[0].detail.contains("EUR"), "{}", report.violations[0]);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_names_money_that_the_books_do_not_share() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let order = paid(&house, "k").await;
    let mut books = house.sandbox.books().await.unwrap();
    books[0].captured -= 1;
    let report = check(&house.stores, &books).await.unwrap();
    assert_eq!(report.violations.len(), 1, "a cent: {:#?}", report.violations);
    books[0].captured += 1;
    books.push(Intent { reference: IntentRef("sbx_other".into()), ..books[0].clone() });
    let unknown = Intent {
        reference: IntentRef("sbx_unknown".into()),
        merchant_reference: souk_domain::id::PaymentId::from_uuid(house.market.orders.chance.random()).to_string(),
        ..books[0].clone()
    };
    books.push(unknown);
    let report = check(&house.stores, &books).await.unwrap();
    assert_eq!(report.violations.len(), 2, "{:#?}", report.violations);
    assert!(report.violations[0].entity.as_str() == order.payment.id.to_string());
    house.close().await;
}

/// The sandbox, with something wrong about it.
struct Twisted {
    sandbox: Arc<Sandbox>,
    twist: Twist,
}

enum Twist {
    /// Refunds happen, and nobody is told, while it is set.
    SilentRefunds(Arc<AtomicBool>),
    /// What was captured is said to be euros.
    OtherCurrencyOnceCaptured,
}

impl Twisted {
    fn said(&self, intent: Intent) -> Intent {
        let twisted = matches!(self.twist, Twist::OtherCurrencyOnceCaptured) && intent.captured > 0;
        let amount = if twisted { Money::new(intent.amount.amount, Currency::EUR) } else { intent.amount };
        Intent { amount, ..intent }
    }
}

#[async_trait]
impl PaymentProvider for Twisted {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError> {
        self.sandbox.create_intent(request).await
    }

    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError> {
        self.sandbox.confirm(intent, key, method).await.map(|intent| self.said(intent))
    }

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        self.sandbox.retrieve(intent).await.map(|intent| self.said(intent))
    }

    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.sandbox.cancel(intent, key).await.map(|intent| self.said(intent))
    }

    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        // In its own books the sandbox has the shop's currency.
        let done = self.sandbox.refund(intent, key, Money::new(amount.amount, Currency::USD)).await;
        match &self.twist {
            Twist::SilentRefunds(silent) if silent.load(Ordering::SeqCst) => {
                Err(ProviderError::Unknown("silence".into()))
            }
            _ => done,
        }
    }

    fn signature_header(&self) -> &'static str {
        "none"
    }

    fn read_webhook(&self, _signature: &str, _body: &[u8], _now: Timestamp) -> Result<WebhookHint, WebhookFault> {
        Err(WebhookFault::Forged)
    }
}
