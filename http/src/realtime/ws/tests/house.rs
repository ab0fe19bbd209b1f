//! A marketplace on embedded stores in a temporary folder, with `/ws` in front of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use souk_actors::carts::service::CartChange;
use souk_actors::marketplace::{AccountParts, Marketplace, Parts, Stores};
use souk_actors::orders::checkout::PlaceOrder;
use souk_actors::orders::email_key::EmailKey;
use souk_actors::orders::service::CheckoutTimes;
use souk_actors::orders::view::OrderView;
use souk_actors::runtime::entity::Limits;
use souk_actors::runtime::world::{Chance, Clock, SystemChance, SystemClock};
use souk_actors::viewer::{Identity, Role, Viewer};
use souk_domain::address::{Address, Recipient};
use souk_domain::id::{GuestId, ProductId, VariantId};
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::rules::{PriceRules, ShippingOption, ShippingZone};
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::{Details, Status};
use souk_domain::room::state::RoomKind;
use souk_integrations::payments::sandbox::Sandbox;
use souk_persistence::search::SearchIndex;
use souk_persistence::sqlite::{
    DataFolder, SqliteAccountStore, SqliteChatStore, SqliteOptions, SqliteOrderStore, SqlitePaymentStore,
    SqliteProductStore,
};
use tokio::net::TcpListener;

use super::super::upgrade::upgrade;
use super::client::Client;
use crate::config::EdgeConfig;
use crate::realtime::config::RealtimeConfig;
use crate::realtime::node::Realtime;
use crate::realtime::session::setting::Setting;
use crate::state::Edge;
use crate::token::LIFE_SECONDS;

/// The stores as what they are, to be closed.
struct Embedded {
    products: Arc<SqliteProductStore>,
    accounts: Arc<SqliteAccountStore>,
    orders: Arc<SqliteOrderStore>,
    payments: Arc<SqlitePaymentStore>,
    chat: Arc<SqliteChatStore>,
}

pub struct House {
    pub market: Arc<Marketplace>,
    pub edge: Arc<Edge>,
    pub realtime: Realtime,
    pub address: SocketAddr,
    stores: Embedded,
    sandbox: Arc<Sandbox>,
}

impl House {
    pub async fn open(path: &Path) -> Self {
        Self::open_with(path, RealtimeConfig::default()).await
    }

    pub async fn open_with(path: &Path, config: RealtimeConfig) -> Self {
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
        let (search, _) = SearchIndex::open(path.join(format!("search-{}", SystemChance.random()))).expect("search");
        let provider_clock = Arc::new(|| SystemClock.now());
        let sandbox = Arc::new(Sandbox::open(path, Duration::from_secs(1), provider_clock).await.expect("sandbox"));
        let market = Marketplace::new(Parts {
            stores,
            search: Some(Arc::new(search)),
            provider: sandbox.clone(),
            outbox: None,
            nodes: None,
            rules: Arc::new(rules()),
            times: CheckoutTimes { hold: Duration::from_secs(900), payment_grace: Duration::from_secs(30) },
            limits: Limits::default(),
            accounts: AccountParts::default(),
            email_key: EmailKey::new([7; 32]),
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
        });
        market.start().await.expect("start");
        let keys = market.accounts.signing_keys().await.expect("keys");
        let edge = Arc::new(Edge::new(EdgeConfig::default(), &keys).expect("edge"));
        edge.tokens.heed(Arc::clone(&market.accounts.guard));
        // Clients of a test do not always stay to see the end.
        let realtime = Realtime::new(RealtimeConfig { linger_ms: 200, ..config }, edge.stopping());
        let setting = Setting { market: Arc::clone(&market), edge: Arc::clone(&edge), realtime: realtime.clone() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = listener.local_addr().expect("address");
        let app = Router::new().route("/ws", get(upgrade)).with_state(setting);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            market,
            edge,
            realtime,
            address,
            stores: Embedded { products, accounts, orders, payments, chat },
            sandbox,
        }
    }

    /// As the process does: the sockets first, then the actors, then the stores.
    pub async fn close(self) {
        self.edge.stop();
        assert_eq!(self.realtime.drained(Duration::from_secs(10)).await, 0, "sessions that did not end");
        self.market.stop().await;
        self.sandbox.close().await;
        let Embedded { products, accounts, orders, payments, chat } = self.stores;
        products.close().await;
        accounts.close().await;
        orders.close().await;
        payments.close().await;
        chat.close().await;
    }

    pub async fn connect(&self) -> Client {
        Client::connect(self.address).await
    }

    /// A client of somebody.
    pub async fn connect_as(&self, who: &Identity) -> Client {
        let mut client = self.connect().await;
        let ok = client.ok(serde_json::json!({"op": "authenticate", "token": self.token(who)})).await;
        assert_eq!(ok["id"], who.id.as_str());
        client
    }

    pub fn token(&self, who: &Identity) -> String {
        self.edge.tokens.issue(who, self.market.clock.now())
    }

    /// A token that is good for that much longer.
    pub fn token_for(&self, who: &Identity, left: Duration) -> String {
        let life = Duration::from_secs(LIFE_SECONDS.unsigned_abs());
        self.edge.tokens.issue(who, self.market.clock.now().minus(life - left))
    }

    /// The topic of a product's room.
    pub async fn public_room(&self) -> String {
        let product = self.product("pot", 5).await;
        let viewer = Viewer { person: Some(person("opener")), key: None };
        let (room, _) =
            self.market.rooms.open(RoomKind::Product, Some(&product.to_string()), &viewer).await.expect("room");
        format!("room:{}", room.id)
    }

    /// The topic of a room of two.
    pub async fn private_room(&self, one: &Identity, other: &Identity) -> String {
        let viewer = Viewer { person: Some(one.clone()), key: None };
        let (room, _) = self.market.rooms.open(RoomKind::Direct, Some(&other.id), &viewer).await.expect("room");
        format!("room:{}", room.id)
    }

    /// A product with so much in stock; imported again, its stock changes.
    pub async fn product(&self, handle: &str, stock: i64) -> ProductId {
        let variant = ImportedVariant {
            candidate: VariantId::from_uuid(self.market.products.chance.sortable()),
            sku: Some(format!("SKU-{handle}")),
            title: "Default".into(),
            options: BTreeMap::new(),
            grams: 100,
            price: Money::new(1_000, Currency::USD),
            compare_at_price: None,
            inventory: Some(stock),
        };
        let details =
            Details { handle: handle.into(), title: handle.into(), status: Status::Active, ..Details::default() };
        self.market.products.import(ImportedProduct { details, variants: vec![variant] }).await.expect("import").id
    }

    /// A guest's order of one unit.
    pub async fn order(&self) -> OrderView {
        let product = self.product("pot", 5).await;
        let variant = self.market.views.product(product).await.expect("views").expect("product").view.variants[0].id;
        let carts = &self.market.carts;
        let cart_id = carts.create(None, None).await.expect("cart").id;
        carts.add_line(cart_id, None, variant, 1).await.expect("line");
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
        carts.update(cart_id, None, change).await.expect("update");
        let request =
            PlaceOrder { cart_id, person: None, key: "k".into(), fingerprint: "f".into(), expected_total: None };
        self.market.checkout.place(request).await.expect("placed")
    }

    pub async fn post(&self, topic: &str, author: &Identity, number: usize) {
        let room = topic.strip_prefix("room:").and_then(|id| id.parse().ok()).expect("a room");
        let (text, client_id) = (format!("message {number}"), format!("{}-{number}", author.id));
        self.market.rooms.post(room, author, text, client_id).await.expect("post");
    }
}

fn rules() -> PriceRules {
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

/// Somebody; the same name is the same person.
pub fn person(name: &str) -> Identity {
    let id = GuestId::from_uuid(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()));
    Identity { id: id.to_string(), name: name.to_owned(), role: Role::Guest }
}
