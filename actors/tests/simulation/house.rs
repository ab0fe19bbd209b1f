//! A marketplace on the world's stores, as one life of the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use souk_actors::marketplace::{AccountParts, Marketplace, Parts};
use souk_actors::orders::email_key::EmailKey;
use souk_actors::orders::service::CheckoutTimes;
use souk_actors::outbox::settings::{OutboxParts, OutboxSettings, Pace};
use souk_actors::runtime::entity::Limits;
use souk_domain::address::{Address, Recipient};
use souk_domain::id::VariantId;
use souk_domain::money::{Currency, Money};
use souk_domain::pricing::discounts::{Discount, Effect, Scope};
use souk_domain::pricing::rules::{PriceRules, ShippingOption, ShippingZone};
use souk_domain::product::command::{ImportedProduct, ImportedVariant};
use souk_domain::product::state::{Details, Status};
use souk_integrations::payments::port::IntentRef;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::history::Offer;
use crate::provider::Provider;
use crate::receiver::Receiver;
use crate::stores::AllStores;
use crate::world::World;

pub const HOLD: Duration = Duration::from_secs(20);
/// The code of a discount that only a few orders may use.
pub const CODE: &str = "FEW";
pub const GRACE: Duration = Duration::from_secs(8);

/// What outlives the process: the world, the stores and the provider.
#[derive(Clone)]
pub struct Site {
    pub world: Arc<World>,
    pub stores: AllStores,
    pub provider: Arc<Provider>,
    pub receiver: Arc<Receiver>,
}

impl Site {
    pub fn new(world: Arc<World>) -> Self {
        let (stores, provider) = (AllStores::new(&world), Provider::new(&world));
        let receiver = Receiver::new(&world, stores.orders.clone());
        Self { world, stores, provider, receiver }
    }

    /// Starts a marketplace; what was cut off goes on by itself.
    pub async fn open(&self) -> Arc<Marketplace> {
        let limits = Limits { idle_after: Duration::from_secs(3), ..Limits::default() };
        let market = Marketplace::new(Parts {
            stores: self.stores.ports(),
            search: None,
            provider: self.provider.clone(),
            outbox: Some(self.outbox()),
            nodes: None,
            rules: Arc::new(rules()),
            times: CheckoutTimes { hold: HOLD, payment_grace: GRACE },
            limits,
            accounts: AccountParts::default(),
            email_key: EmailKey::new([7; 32]),
            clock: self.world.clone(),
            chance: self.world.clone(),
        });
        market.start().await.expect("the actor system spawns");
        tokio::spawn(follow(Arc::downgrade(&market), self.provider.news()));
        market
    }

    /// Nothing is given up: whoever is away comes back.
    fn outbox(&self) -> OutboxParts {
        let pace = Pace { batch: 8, concurrency: 3, retries: vec![Duration::from_secs(2); 1_000] };
        OutboxParts {
            store: Arc::new(self.stores.orders.clone()),
            mail: Some(self.receiver.clone()),
            webhooks: self.receiver.clone(),
            settings: OutboxSettings {
                relay_batch: 8,
                mail: pace.clone(),
                webhooks: pace,
                ..OutboxSettings::default()
            },
        }
    }
}

/// How long a house that is gone is listened for.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What the edge does with webhooks, until the house is gone.
async fn follow(market: Weak<Marketplace>, mut news: broadcast::Receiver<IntentRef>) {
    loop {
        let heard = tokio::time::timeout(LOOK_EVERY, news.recv()).await;
        let Some(market) = market.upgrade() else { return };
        match heard {
            Ok(Ok(intent)) => drop(market.payments.refresh(&intent.0).await),
            Ok(Err(RecvError::Closed)) => return,
            Ok(Err(RecvError::Lagged(_))) | Err(_) => {}
        }
    }
}

fn rules() -> PriceRules {
    let (id, name) = ("standard".to_owned(), "Standard".to_owned());
    let option = ShippingOption { id, name, price: 500, free_from: None, by_weight: vec![], days: None };
    let zone = ShippingZone { name: "all".into(), countries: vec!["*".into()], options: vec![option] };
    // Few may use it, so that claims run out and come back.
    let few = Discount {
        id: "few".into(),
        title: "Ten per cent for a few".into(),
        code: Some(CODE.into()),
        minimum_subtotal: 0,
        countries: vec![],
        starts_at: None,
        ends_at: None,
        combinable: false,
        limit: Some(3),
        limit_per_customer: None,
        scope: Scope::All,
        effect: Effect::Percentage { rate_ppm: 100_000 },
    };
    PriceRules { currency: Currency::USD, shipping_zones: vec![zone], tax_zones: vec![], discounts: vec![few] }
}

pub fn address() -> Address {
    let recipient = Recipient {
        name: "Ada".into(),
        line1: "1 Main St".into(),
        line2: None,
        city: "Town".into(),
        postal_code: "1".into(),
        phone: None,
    };
    Address { recipient: recipient.into(), country: "DE".into(), region: None }
}

/// A product of one variant as a file would give it.
pub fn product(handle: &str, candidate: VariantId, offer: Offer) -> ImportedProduct {
    let variant = ImportedVariant {
        candidate,
        sku: Some(format!("SKU-{handle}")),
        title: "Default".into(),
        options: BTreeMap::new(),
        grams: 100,
        price: Money::new(offer.price, Currency::USD),
        compare_at_price: None,
        inventory: Some(offer.inventory),
    };
    let details = Details { handle: handle.into(), title: handle.into(), status: Status::Active, ..Details::default() };
    ImportedProduct { details, variants: vec![variant] }
}
