//! A marketplace on embedded stores in a temporary folder, and how it is asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use souk_actors::accounts::passwords::Costs;
use souk_actors::accounts::passwords::hasher::HasherSettings;
use souk_actors::accounts::settings::AccountSettings;
use souk_actors::marketplace::{AccountParts, Marketplace, Parts, Stores};
use souk_actors::orders::email_key::EmailKey;
use souk_actors::orders::service::CheckoutTimes;
use souk_actors::outbox::settings::{OutboxParts, OutboxSettings};
use souk_actors::runtime::entity::Limits;
use souk_actors::runtime::world::{Clock, SystemChance, SystemClock};
use souk_actors::viewer::{Identity, Role};
use souk_domain::id::{ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::rules::{PriceRules, ShippingOption, ShippingZone, TaxZone};
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::{Details, Status};
use souk_domain::time::Timestamp;
use souk_http::config::EdgeConfig;
use souk_http::router::router;
use souk_http::state::{App, Edge};
use souk_integrations::payments::sandbox::{FaultRates, Sandbox, SandboxClient, SandboxServer, Secrets, ServerOptions};
use souk_integrations::webhooks::HttpWebhooks;
use souk_integrations::webhooks::client::{HttpWebhooksConfig, Reach, Transport};
use souk_persistence::search::SearchIndex;
use souk_persistence::sqlite::{
    DataFolder, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore,
};
use tempfile::TempDir;
use tower::ServiceExt;

use super::accounts::mails::Mails;
use super::answer::Answer;

pub struct Shop {
    /// Moves when a test says so.
    pub clock: Arc<TestClock>,
    pub router: Router,
    pub app: App,
    /// The mails about accounts.
    pub mails: Arc<Mails>,
    _sandbox: SandboxServer,
    _folder: TempDir,
}

/// What the sandbox signs its webhooks with.
pub const WEBHOOK_SECRET: &str = "whsec_1";

/// A request to be.
pub struct Ask<'a> {
    shop: &'a Shop,
    request: axum::http::request::Builder,
    body: Body,
}

/// A product that is for sale.
pub struct ForSale {
    pub id: String,
    pub variant_id: String,
}

impl Shop {
    /// Without limits, because all of a test comes from one client.
    pub async fn open() -> Self {
        let mut config = EdgeConfig::default();
        config.limits.enabled = false;
        Self::open_with(config).await
    }

    pub async fn open_with(config: EdgeConfig) -> Self {
        Self::open_for(config, account_settings()).await
    }

    /// Staff without an authenticator are only customers.
    pub async fn open_strict() -> Self {
        let mut config = EdgeConfig::default();
        config.limits.enabled = false;
        Self::open_for(config, AccountSettings { staff_needs_second_factor: true, ..account_settings() }).await
    }

    async fn open_for(config: EdgeConfig, settings: AccountSettings) -> Self {
        config.validate().expect("a valid config");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (data, options) = (DataFolder::open(folder.path()).expect("folder"), SqliteOptions::default());
        let orders = Arc::new(SqliteOrderStore::open(&data, &options).await.expect("orders"));
        let stores = Stores {
            products: Arc::new(SqliteProductStore::open(&data, &options).await.expect("products")),
            accounts: Arc::new(SqliteAccountStore::open(&data, &options).await.expect("accounts")),
            orders: orders.clone(),
            payments: Arc::new(SqlitePaymentStore::open(&data, &options).await.expect("payments")),
            chat: Arc::new(SqliteChatStore::open(&data, &options).await.expect("chat")),
        };
        let (search, _) = SearchIndex::open(folder.path().join("search")).expect("search");
        let clock = Arc::new(|| SystemClock.now());
        let sandbox = Sandbox::open(folder.path(), Duration::from_secs(1), clock).await.expect("sandbox");
        let secrets = Secrets { api_key: "sk_1".into(), webhook_secret: WEBHOOK_SECRET.into() };
        let options =
            ServerOptions { api_key: secrets.api_key.clone(), slow: Duration::ZERO, faults: FaultRates::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = SandboxServer::start(Arc::new(sandbox), listener, options).expect("a sandbox");
        let (base, patience) = (format!("http://{}", server.address), Duration::from_secs(300));
        let sandbox = Arc::new(SandboxClient::new(&base, secrets, Duration::from_secs(5), patience).expect("a client"));
        let (mails, clock) = (Arc::new(Mails::default()), Arc::new(TestClock::default()));
        let market = Marketplace::new(Parts {
            stores,
            search: Some(Arc::new(search)),
            provider: sandbox.clone(),
            outbox: Some(outbox(orders)),
            nodes: None,
            rules: Arc::new(rules()),
            times: CheckoutTimes { hold: Duration::from_secs(900), payment_grace: Duration::from_secs(30) },
            limits: Limits::default(),
            accounts: AccountParts { settings, mail: Some(mails.clone()) },
            email_key: EmailKey::new([7; 32]),
            clock: clock.clone(),
            chance: Arc::new(SystemChance),
        });
        market.start().await.expect("start");
        let keys = market.accounts.signing_keys().await.expect("keys");
        let edge = Arc::new(Edge::new(config, &keys).expect("edge"));
        let app = App::new(edge, market, Some(sandbox));
        Self { clock, router: router(app.clone()), app, mails, _sandbox: server, _folder: folder }
    }

    /// The token of somebody who runs the shop.
    pub fn staff(&self) -> String {
        let boss = Identity { id: "staff:boss".into(), name: "boss".into(), role: Role::Staff };
        self.app.edge.tokens.issue(&boss, self.app.market.clock.now())
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask<'_> {
        Ask { shop: self, request: Request::builder().method(method).uri(path), body: Body::empty() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path).json(&body).send().await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path).json(&body).send().await
    }

    /// The token of somebody new.
    pub async fn guest(&self, name: &str) -> (String, String) {
        let session = self.post("/api/v1/sessions/guest", json!({ "name": name })).await.expect(201).json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&session["account"]["id"]), text(&session["access_token"]))
    }

    /// Imports a product; imported again, its stock or price changes.
    pub async fn product(&self, handle: &str, stock: i64, price: i64) -> ForSale {
        self.product_as(handle, stock, price, Status::Active).await
    }

    pub async fn product_as(&self, handle: &str, stock: i64, price: i64, status: Status) -> ForSale {
        let variant = ImportedVariant {
            candidate: VariantId::from_uuid(uuid::Uuid::new_v4()),
            sku: Some(format!("SKU-{handle}")),
            title: "Default".into(),
            options: BTreeMap::new(),
            grams: 100,
            price: Money::new(price, Currency::USD),
            compare_at_price: None,
            inventory: Some(stock),
        };
        let details = Details {
            handle: handle.into(),
            title: handle.into(),
            description_html: "<p>text</p>".repeat(200),
            status,
            ..Details::default()
        };
        let imported = self.app.market.products.import(ImportedProduct { details, variants: vec![variant] }).await;
        let id: ProductId = imported.expect("import").id;
        let published = self.app.market.views.product(id).await.unwrap().unwrap();
        ForSale { id: id.to_string(), variant_id: published.view.variants[0].id.to_string() }
    }

    /// A guest's cart with so many of something, ready to be ordered.
    pub async fn filled_cart(&self, product: &ForSale, quantity: u32) -> String {
        let cart = self.post("/api/v1/carts", json!({})).await.expect(201).json();
        let path = format!("/api/v1/carts/{}", cart["id"].as_str().unwrap());
        let line = json!({ "variant_id": product.variant_id, "quantity": quantity });
        self.post(&format!("{path}/lines"), line).await.expect(200);
        self.patch(&path, json!({ "email": "ada@example.com", "shipping_address": address() })).await.expect(200);
        self.patch(&path, json!({ "shipping_option_id": "standard" })).await.expect(200);
        cart["id"].as_str().unwrap().to_owned()
    }

    pub async fn place(&self, cart_id: &str, key: &str) -> Answer {
        let body = json!({ "cart_id": cart_id });
        self.ask(Method::POST, "/api/v1/orders").header("idempotency-key", key).json(&body).send().await
    }

    pub async fn confirm(&self, order: &Value, token: &str) -> Answer {
        let (payment, key) = (order["payment"]["id"].as_str().unwrap(), order["access_key"].as_str().unwrap());
        let body = json!({ "method": { "type": "sandbox_card", "token": token } });
        self.ask(Method::POST, &format!("/api/v1/payments/{payment}/confirm"))
            .header("order-key", key)
            .json(&body)
            .send()
            .await
    }
}

impl Ask<'_> {
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.request = self.request.header(name, value.as_ref());
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn json(self, body: &Value) -> Self {
        self.bytes(body.to_string())
    }

    /// A body that says it is JSON, whatever it is.
    pub fn bytes(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    /// A body that does not say what it is.
    pub fn untyped(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    pub async fn send(self) -> Answer {
        let request = self.request.body(self.body).expect("a request");
        Answer::of(self.shop.router.clone().oneshot(request).await.expect("an answer")).await
    }
}

/// The system's time, and as much later as a test says.
#[derive(Debug, Default)]
pub struct TestClock {
    ahead_millis: AtomicI64,
}

impl TestClock {
    pub fn advance(&self, by: Duration) {
        self.ahead_millis.fetch_add(i64::try_from(by.as_millis()).expect("a short time"), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().as_millis() + self.ahead_millis.load(Ordering::SeqCst))
    }
}

/// Hashes that a test can afford.
fn account_settings() -> AccountSettings {
    let hasher = HasherSettings { costs: Costs { memory_kib: 64, passes: 1 }, threads: 2, waiting: 64 };
    AccountSettings { hasher, ..AccountSettings::default() }
}

/// As strict as it comes: only public addresses, only https.
fn outbox(store: Arc<SqliteOrderStore>) -> OutboxParts {
    let webhooks = HttpWebhooks::new(HttpWebhooksConfig {
        reach: Reach::PublicOnly,
        transport: Transport::HttpsOnly,
        timeout: Duration::from_secs(5),
        max_response_bytes: 1_024,
    });
    let webhooks = Arc::new(webhooks.expect("a sender"));
    OutboxParts { store, mail: None, webhooks, settings: OutboxSettings::default() }
}

pub fn address() -> Value {
    json!({ "name": "Ada", "line1": "1 Main St", "city": "Town", "postal_code": "12345", "country": "DE" })
}

fn rules() -> PriceRules {
    let option = |id: &str, price| ShippingOption {
        id: id.into(),
        name: id.into(),
        price,
        free_from: None,
        by_weight: vec![],
        days: None,
    };
    PriceRules {
        currency: Currency::USD,
        shipping_zones: vec![ShippingZone {
            name: "europe".into(),
            countries: vec!["DE".into(), "FR".into()],
            options: vec![option("standard", 500), option("express", 1_500)],
        }],
        tax_zones: vec![TaxZone {
            name: "germany".into(),
            countries: vec!["DE".into()],
            regions: vec![],
            rate_ppm: 190_000,
            included: false,
            on_shipping: false,
        }],
        discounts: super::discounts::offered(),
    }
}
