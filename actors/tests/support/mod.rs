//! A marketplace on real embedded stores in a temporary folder, in this process.
#![allow(dead_code, reason = "each test target uses its own part")]

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use souk_actors::carts::service::CartChange;
use souk_actors::check::check;
use souk_actors::marketplace::{AccountParts, Marketplace, Parts, Stores};
use souk_actors::nodes::parts::NodeParts;
use souk_actors::orders::checkout::{PlaceError, PlaceOrder};
use souk_actors::orders::email_key::EmailKey;
use souk_actors::orders::service::CheckoutTimes;
use souk_actors::orders::view::OrderView;
use souk_actors::outbox::settings::OutboxParts;
use souk_actors::runtime::entity::Limits;
use souk_actors::runtime::world::{Clock, SystemChance, SystemClock};
use souk_actors::viewer::Viewer;
use souk_domain::address::{Address, Recipient};
use souk_domain::id::{CartId, ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::rules::{PriceRules, ShippingOption, ShippingZone};
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::{Details, Status};
use souk_integrations::payments::PaymentProvider;
use souk_integrations::payments::sandbox::Sandbox;
use souk_persistence::search::SearchIndex;
use souk_persistence::sqlite::{
    DataFolder, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore,
};

pub struct TestHouse {
    pub market: Arc<Marketplace>,
    pub stores: Stores,
    pub sandbox: Arc<Sandbox>,
    products: Arc<SqliteProductStore>,
    accounts: Arc<SqliteAccountStore>,
    pub orders: Arc<SqliteOrderStore>,
    payments: Arc<SqlitePaymentStore>,
    chat: Arc<SqliteChatStore>,
}

pub fn rules() -> PriceRules {
    let option = ShippingOption {
        id: "standard".into(),
        name: "Standard".into(),
        price: 500,
        free_from: None,
        by_weight: vec![],
        days: None,
    };
    let zone = ShippingZone { name: "all".into(), countries: vec!["*".into()], options: vec![option] };
    PriceRules { currency: Currency::USD, shipping_zones: vec![zone], tax_zones: vec![], discounts: vec![] }
}

impl TestHouse {
    pub async fn open(path: &Path, hold: Duration) -> Self {
        Self::open_with(path, hold, Limits::default()).await
    }

    pub async fn open_with(path: &Path, hold: Duration, limits: Limits) -> Self {
        Self::open_as(path, hold, limits, rules(), Arc::new(SystemClock)).await
    }

    /// With its own prices and its own time.
    pub async fn open_as(
        path: &Path,
        hold: Duration,
        limits: Limits,
        rules: PriceRules,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::open_all(path, hold, limits, (rules, clock), |sandbox| sandbox, |_| None, None).await
    }

    /// With a provider that is built on the sandbox.
    pub async fn open_paid_by(
        path: &Path,
        hold: Duration,
        limits: Limits,
        provider: impl FnOnce(Arc<Sandbox>) -> Arc<dyn PaymentProvider>,
    ) -> Self {
        Self::open_all(path, hold, limits, (rules(), Arc::new(SystemClock)), provider, |_| None, None).await
    }

    /// As one of several nodes.
    pub async fn open_among(path: &Path, nodes: NodeParts) -> Self {
        let (hold, world) = (Duration::from_secs(900), (rules(), Arc::new(SystemClock) as Arc<dyn Clock>));
        Self::open_all(path, hold, Limits::default(), world, |sandbox| sandbox, |_| None, Some(nodes)).await
    }

    /// Another marketplace on the same stores, without lists.
    pub async fn another(&self, nodes: NodeParts) -> Arc<Marketplace> {
        let market = Marketplace::new(Parts {
            stores: self.stores.clone(),
            search: None,
            provider: self.sandbox.clone(),
            nodes: Some(nodes),
            rules: Arc::new(rules()),
            outbox: None,
            times: CheckoutTimes { hold: Duration::from_secs(900), payment_grace: Duration::from_secs(30) },
            limits: Limits::default(),
            accounts: AccountParts::default(),
            email_key: EmailKey::new([7; 32]),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
        });
        market.start().await.expect("start");
        market
    }

    /// With an outbox on the store of the orders.
    pub async fn open_telling(
        path: &Path,
        hold: Duration,
        outbox: impl FnOnce(Arc<SqliteOrderStore>) -> Option<OutboxParts>,
    ) -> Self {
        let world: (PriceRules, Arc<dyn Clock>) = (rules(), Arc::new(SystemClock));
        Self::open_all(path, hold, Limits::default(), world, |sandbox| sandbox, outbox, None).await
    }

    async fn open_all(
        path: &Path,
        hold: Duration,
        limits: Limits,
        (rules, clock): (PriceRules, Arc<dyn Clock>),
        provider: impl FnOnce(Arc<Sandbox>) -> Arc<dyn PaymentProvider>,
        outbox: impl FnOnce(Arc<SqliteOrderStore>) -> Option<OutboxParts>,
        nodes: Option<NodeParts>,
    ) -> Self {
        let (folder, options) = (DataFolder::open(path).expect("folder"), SqliteOptions::default());
        let products = Arc::new(SqliteProductStore::open(&folder, &options).await.expect("products"));
        let accounts = Arc::new(SqliteAccountStore::open(&folder, &options).await.expect("accounts"));
        let orders = Arc::new(SqliteOrderStore::open(&folder, &options).await.expect("orders"));
        let payments = Arc::new(SqlitePaymentStore::open(&folder, &options).await.expect("payments"));
        let chat = Arc::new(SqliteChatStore::open(&folder, &options).await.expect("chat"));
        let stores = Stores {
            products: products.clone(),
            accounts: accounts.clone(),
            orders: orders.clone(),
            payments: payments.clone(),
            chat: chat.clone(),
        };
        let (search, _) = SearchIndex::open(path.join("search")).expect("search");
        let provider_clock = Arc::new(|| SystemClock.now());
        let sandbox = Arc::new(Sandbox::open(path, Duration::from_secs(1), provider_clock).await.expect("sandbox"));
        let market = Marketplace::new(Parts {
            stores: stores.clone(),
            search: Some(Arc::new(search)),
            provider: provider(sandbox.clone()),
            nodes,
            rules: Arc::new(rules),
            outbox: outbox(orders.clone()),
            times: CheckoutTimes { hold, payment_grace: Duration::from_secs(30) },
            limits,
            accounts: AccountParts::default(),
            email_key: EmailKey::new([7; 32]),
            clock,
            chance: Arc::new(SystemChance),
        });
        market.start().await.expect("start");
        Self { market, stores, sandbox, products, accounts, orders, payments, chat }
    }

    pub async fn close(self) {
        self.market.stop().await;
        self.sandbox.close().await;
        self.products.close().await;
        self.accounts.close().await;
        self.orders.close().await;
        self.payments.close().await;
        self.chat.close().await;
    }

    /// A product with one variant; returns both ids.
    pub async fn product(&self, handle: &str, price: i64, stock: i64) -> (ProductId, VariantId) {
        let variant = ImportedVariant {
            candidate: VariantId::from_uuid(self.market.products.chance.sortable()),
            sku: Some(format!("SKU-{handle}")),
            title: "Default".into(),
            options: BTreeMap::new(),
            grams: 100,
            price: Money::new(price, Currency::USD),
            compare_at_price: None,
            inventory: Some(stock),
        };
        let details =
            Details { handle: handle.into(), title: handle.into(), status: Status::Active, ..Details::default() };
        let product = ImportedProduct { details, variants: vec![variant] };
        let id = self.market.products.import(product).await.expect("import").id;
        (id, self.view(id).await.variants[0].id)
    }

    pub async fn view(&self, id: ProductId) -> souk_domain::product::view::ProductView {
        self.market.views.product(id).await.expect("views").expect("a product").view.clone()
    }

    pub async fn available(&self, id: ProductId) -> i64 {
        self.view(id).await.variants[0].available.expect("tracked")
    }

    /// A cart that is ready for checkout.
    pub async fn cart(&self, lines: &[(VariantId, u32)]) -> CartId {
        let carts = &self.market.carts;
        let id = carts.create(None, None).await.expect("create").id;
        for (variant, quantity) in lines {
            carts.add_line(id, None, *variant, *quantity).await.expect("add");
        }
        let recipient = Recipient {
            name: "Ada".into(),
            line1: "1 Main St".into(),
            line2: None,
            city: "Town".into(),
            postal_code: "1".into(),
            phone: None,
        };
        let change = CartChange {
            email: Some("ada@example.com".into()),
            shipping_address: Some(Address { recipient: recipient.into(), country: "DE".into(), region: None }),
            shipping_option_id: Some("standard".into()),
            discount_codes: None,
        };
        carts.update(id, None, change).await.expect("update");
        id
    }

    pub async fn place(&self, cart_id: CartId, key: &str) -> Result<OrderView, PlaceError> {
        let request =
            PlaceOrder { cart_id, person: None, key: key.into(), fingerprint: "body".into(), expected_total: None };
        self.market.checkout.place(request).await
    }

    pub async fn assert_rules_hold(&self) {
        let books = self.sandbox.books().await.expect("books");
        let report = check(&self.stores, &books).await.expect("check");
        assert!(report.violations.is_empty(), "{:#?}", report.violations);
    }
}

pub fn with_key(order: &OrderView) -> Viewer {
    Viewer { person: None, key: order.access_key.clone() }
}

/// Looks until it is so; fails after a generous while.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut look: impl FnMut() -> F) {
    let looking = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        loop {
            ticks.tick().await;
            if look().await {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looking).await.unwrap_or_else(|_| panic!("never: {what}"));
}
