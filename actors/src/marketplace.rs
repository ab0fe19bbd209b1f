//! The whole: every kind of actor with its store, wired once, started and stopped in order.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, SupervisionEvent};
use souk_domain::pricing::rules::PriceRules;
use souk_integrations::mail::account::AccountMailSender;
use souk_integrations::payments::port::PaymentProvider;
use souk_persistence::journal::Journal;
use souk_persistence::search::SearchIndex;
use souk_persistence::stores::{AccountStore, ChatStore, OrderStore, PaymentStore, ProductStore};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::accounts::Accounts;
use crate::accounts::settings::AccountSettings;
use crate::carts::entity::CartEntity;
use crate::carts::service::Carts;
use crate::catalogue::entity::ProductEntity;
use crate::catalogue::follower;
use crate::catalogue::listing::Listing;
use crate::catalogue::products::Products;
use crate::catalogue::views::Views;
use crate::discounts::entity::DiscountEntity;
use crate::discounts::service::Discounts;
use crate::nodes::node::{Node, Tenures};
use crate::nodes::parts::NodeParts;
use crate::orders::checkout::Checkout;
use crate::orders::email_key::EmailKey;
use crate::orders::entity::OrderEntity;
use crate::orders::numbers::OrderNumbers;
use crate::orders::service::{CheckoutTimes, Orders};
use crate::outbox::service::Outbox;
use crate::outbox::settings::OutboxParts;
use crate::payments::entity::PaymentEntity;
use crate::payments::service::Payments;
use crate::rooms::entity::RoomEntity;
use crate::rooms::service::Rooms;
use crate::runtime::directory::Directory;
use crate::runtime::entity::{Entity, Limits};
use crate::runtime::peers::Peers;
use crate::runtime::sweeper;
use crate::runtime::tenure::Tenure;
use crate::runtime::world::{Chance, Clock};
use crate::status::{Board, PUBLISH_EVERY};
use crate::topics::hub::Hub;

/// How often the store is asked for what is due.
const SWEEP_EVERY: Duration = Duration::from_millis(500);

/// Where each domain is kept.
#[derive(Clone)]
pub struct Stores {
    pub products: Arc<dyn ProductStore>,
    pub accounts: Arc<dyn AccountStore>,
    pub orders: Arc<dyn OrderStore>,
    pub payments: Arc<dyn PaymentStore>,
    pub chat: Arc<dyn ChatStore>,
}

/// All that a marketplace is made of and does not make itself.
pub struct Parts {
    pub stores: Stores,
    /// None: the house has no lists, and nothing follows its products.
    pub search: Option<Arc<SearchIndex>>,
    pub provider: Arc<dyn PaymentProvider>,
    /// None: nobody outside is told of anything, and what happens waits for a marketplace that has one.
    pub outbox: Option<OutboxParts>,
    /// None: nobody else writes to the stores.
    pub nodes: Option<NodeParts>,
    pub rules: Arc<PriceRules>,
    pub times: CheckoutTimes,
    pub limits: Limits,
    pub accounts: AccountParts,
    /// By which orders are found by address.
    pub email_key: EmailKey,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

/// What accounts are made of.
#[derive(Default)]
pub struct AccountParts {
    pub settings: AccountSettings,
    /// None: what is to be sent waits for a marketplace that has one.
    pub mail: Option<Arc<dyn AccountMailSender>>,
}

pub struct Marketplace {
    pub products: Products,
    pub views: Views,
    pub listing: Listing,
    pub carts: Carts,
    pub checkout: Checkout,
    pub orders: Orders,
    pub discounts: Discounts,
    pub payments: Payments,
    pub rooms: Rooms,
    pub accounts: Accounts,
    account_mail: Option<Arc<dyn AccountMailSender>>,
    pub email_key: EmailKey,
    pub outbox: Option<Outbox>,
    pub hub: Hub,
    pub board: Board,
    pub provider: Arc<dyn PaymentProvider>,
    pub clock: Arc<dyn Clock>,
    changed: Arc<Notify>,
    committed: Arc<Notify>,
    pub(crate) node: Option<Node>,
    root: Mutex<Option<ActorCell>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Marketplace {
    pub fn new(parts: Parts) -> Arc<Self> {
        Arc::new_cyclic(|market| {
            let Parts {
                stores,
                search,
                provider,
                outbox,
                nodes,
                rules,
                times,
                limits,
                accounts,
                email_key,
                clock,
                chance,
            } = parts;
            let hub = nodes.as_ref().map_or_else(Hub::default, |nodes| Hub::among(Arc::clone(&nodes.bus)));
            let board = Board::new(clock.now(), &stores);
            let changed = Arc::new(Notify::new());
            let committed = Arc::new(Notify::new());
            let views = Views::new(Arc::clone(&stores.products));
            let products = ProductEntity {
                journal: Arc::clone(&stores.products) as Arc<dyn Journal>,
                views: views.clone(),
                hub: hub.clone(),
                changed: Arc::clone(&changed),
            };
            let carts = CartEntity {
                journal: Arc::clone(&stores.orders) as Arc<dyn Journal>,
                hub: hub.clone(),
                rules: Arc::clone(&rules),
                market: market.clone(),
            };
            let orders = OrderEntity {
                journal: Arc::clone(&stores.orders) as Arc<dyn Journal>,
                hub: hub.clone(),
                market: market.clone(),
                committed: Arc::clone(&committed),
                email_key: email_key.clone(),
            };
            let payments =
                PaymentEntity { journal: Arc::clone(&stores.payments) as Arc<dyn Journal>, market: market.clone() };
            let rooms = RoomEntity { journal: Arc::clone(&stores.chat) as Arc<dyn Journal>, hub: hub.clone() };

            let (clock_, chance_) = (Arc::clone(&clock), Arc::clone(&chance));
            let world = || (Arc::clone(&clock_), Arc::clone(&chance_));
            let products = Products {
                directory: directory(&nodes, products, world(), limits),
                store: Arc::clone(&stores.products),
                chance: Arc::clone(&chance),
            };
            let carts = Carts {
                directory: directory(&nodes, carts, world(), limits),
                views: views.clone(),
                rules: Arc::clone(&rules),
                clock: Arc::clone(&clock),
                chance: Arc::clone(&chance),
            };
            let discounts = DiscountEntity { journal: Arc::clone(&stores.orders) as Arc<dyn Journal> };
            let discounts = Discounts {
                directory: directory(&nodes, discounts, world(), limits),
                store: Arc::clone(&stores.orders),
            };
            let (orders, payments) =
                (directory(&nodes, orders, world(), limits), directory(&nodes, payments, world(), limits));
            let orders = Orders {
                directory: orders,
                payments,
                numbers: Arc::new(OrderNumbers::new(Arc::clone(&stores.orders))),
                store: Arc::clone(&stores.orders),
                times,
                clock: Arc::clone(&clock),
                chance: Arc::clone(&chance),
            };
            let payments = Payments {
                directory: orders.payments.clone(),
                orders: orders.directory.clone(),
                store: Arc::clone(&stores.payments),
            };
            let rooms = Rooms {
                directory: directory(&nodes, rooms, world(), limits),
                store: Arc::clone(&stores.chat),
                views: views.clone(),
                orders: orders.clone(),
                chance: Arc::clone(&chance),
            };
            let outbox =
                outbox.map(|parts| Outbox::new(parts, Arc::clone(&committed), Arc::clone(&clock), Arc::clone(&chance)));
            Self {
                products,
                listing: Listing::new(search, views.clone()),
                views,
                checkout: Checkout { carts: carts.clone(), orders: orders.clone() },
                carts,
                orders,
                discounts,
                payments,
                rooms,
                accounts: Accounts::new(stores.accounts, Arc::clone(&clock), chance, accounts.settings),
                account_mail: accounts.mail,
                email_key,
                outbox,
                hub,
                board,
                provider,
                clock,
                changed,
                committed,
                node: nodes.map(Node::new),
                root: Mutex::new(None),
                tasks: Mutex::new(Vec::new()),
            }
        })
    }

    /// Starts the supervisors and the background tasks. What was cut off goes on by itself.
    ///
    /// # Errors
    /// When the actor system cannot spawn.
    pub async fn start(self: &Arc<Self>) -> Result<(), ractor::SpawnErr> {
        let (root, _) = Actor::spawn(None, Root, ()).await?;
        let root = root.get_cell();
        self.products.directory.start(&root).await?;
        self.carts.directory.start(&root).await?;
        self.orders.directory.start(&root).await?;
        self.discounts.directory.start(&root).await?;
        self.payments.directory.start(&root).await?;
        self.rooms.directory.start(&root).await?;
        *self.root.lock().unwrap_or_else(PoisonError::into_inner) = Some(root);
        let tenures = self.node.as_ref().map_or_else(Tenures::always, Node::keep_leases);
        let mut tasks = vec![
            self.sweep(&self.products.directory, &tenures.products),
            self.sweep(&self.carts.directory, &tenures.orders),
            self.sweep(&self.orders.directory, &tenures.orders),
            self.sweep(&self.discounts.directory, &tenures.orders),
            self.sweep(&self.payments.directory, &tenures.payments),
            self.sweep(&self.rooms.directory, &tenures.chat),
            self.publish_regularly(),
        ];
        self.accounts.read_security().await;
        tasks.push(self.accounts.watch_security());
        tasks.extend(self.account_mail.iter().map(|sender| self.accounts.send_notes(Arc::clone(sender))));
        tasks.extend(self.outbox.iter().flat_map(|outbox| outbox.start(&tenures.outbox)));
        tasks.extend(self.follow());
        if let Some(node) = &self.node {
            tasks.extend(node.follow(self).await);
        }
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
        // So that the first list is not empty while the index is behind.
        if let Some(index) = &self.listing.index
            && let Err(error) = follower::catch_up(&*self.products.store, index, &self.views).await
        {
            tracing::warn!(%error, "the search index is behind, it catches up later");
        }
        self.publish_status("ok");
        Ok(())
    }

    fn sweep<E: Entity>(&self, directory: &Directory<E>, tenure: &Tenure) -> JoinHandle<()> {
        sweeper::start(directory.clone(), Arc::clone(&self.clock), SWEEP_EVERY, tenure.clone())
    }

    pub(crate) fn products_changed(&self) -> Arc<Notify> {
        Arc::clone(&self.changed)
    }

    pub(crate) fn orders_committed(&self) -> Arc<Notify> {
        Arc::clone(&self.committed)
    }

    fn follow(&self) -> Option<JoinHandle<()>> {
        let index = Arc::clone(self.listing.index.as_ref()?);
        let (store, changed) = (Arc::clone(&self.products.store), Arc::clone(&self.changed));
        let without_notice = if self.node.is_some() { follower::AMONG_NODES } else { follower::ALONE };
        Some(follower::start(store, index, self.views.clone(), changed, without_notice))
    }

    fn publish_regularly(self: &Arc<Self>) -> JoinHandle<()> {
        let market = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(PUBLISH_EVERY);
            loop {
                ticks.tick().await;
                let Some(market) = market.upgrade() else { return };
                market.publish_status("ok");
            }
        })
    }

    /// Stops in the order in which the kinds call each other, so that nobody waits for one that is
    /// gone: everything that was taken in is durable and answered when this returns.
    pub async fn stop(&self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
        self.publish_status("stopping");
        self.rooms.directory.stop().await;
        self.carts.directory.stop().await;
        self.orders.directory.stop().await;
        self.payments.directory.stop().await;
        self.discounts.directory.stop().await;
        self.products.directory.stop().await;
        if let Some(node) = &self.node {
            node.stop().await;
        }
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(root) = root {
            let _ = root.stop_and_wait(None, None).await;
        }
    }
}

fn directory<E: Entity>(
    nodes: &Option<NodeParts>,
    entity: E,
    (clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>),
    limits: Limits,
) -> Directory<E> {
    let peers = nodes.as_ref().map(|nodes| Peers::new(Arc::clone(&nodes.bus), E::KIND, Arc::clone(entity.journal())));
    Directory::among(peers, Arc::new(entity), clock, chance, limits)
}

/// The parent of every supervisor.
struct Root;

impl Actor for Root {
    type Msg = ();
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _myself: ActorRef<()>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    /// A supervisor has nothing that can fail; should one end all the same, the process must not go
    /// on half: everything stops, and whoever watches the process starts it again.
    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<()>,
        event: SupervisionEvent,
        _state: &mut (),
    ) -> Result<(), ActorProcessingErr> {
        if let SupervisionEvent::ActorFailed(who, cause) = event {
            tracing::error!(actor = %who.get_id(), %cause, "a supervisor failed, stopping");
            myself.stop(Some("a supervisor failed".into()));
        }
        Ok(())
    }
}
