//! Two marketplaces on the same stores, in this process, with a bus that can be cut.

#[path = "../support/mod.rs"]
mod support;

mod leases;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use leases::node;
use souk_actors::marketplace::Marketplace;
use souk_actors::orders::checkout::{PlaceError, PlaceOrder};
use souk_actors::topics::outbox::{Notice, outbox};
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::{Identity, Role, Viewer};
use souk_domain::id::CartId;
use souk_domain::order::state::OrderStatus;
use souk_domain::payment::state::PaymentMethod;
use souk_domain::room::state::RoomKind;
use souk_persistence::bus::MemoryHub;
use support::{TestHouse, eventually, with_key};
use tempfile::TempDir;

struct Pair {
    house: TestHouse,
    other: Arc<Marketplace>,
    bus: MemoryHub,
    _folder: TempDir,
}

impl Pair {
    async fn open() -> Self {
        let (folder, bus, leases) = (tempfile::tempdir().unwrap(), MemoryHub::default(), Arc::default());
        let house = TestHouse::open_among(folder.path(), node(1, &bus, &leases)).await;
        let other = house.another(node(2, &bus, &leases)).await;
        Self { house, other, bus, _folder: folder }
    }

    fn markets(&self) -> [&Arc<Marketplace>; 2] {
        [&self.house.market, &self.other]
    }

    async fn close(self) {
        self.house.assert_rules_hold().await;
        self.other.stop().await;
        self.house.close().await;
    }
}

fn ask(cart_id: CartId) -> PlaceOrder {
    PlaceOrder { cart_id, person: None, key: "key".into(), fingerprint: "body".into(), expected_total: None }
}

fn guest(name: &str) -> Identity {
    Identity { id: format!("guest_{name}"), name: name.into(), role: Role::Guest }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_has_answered_the_other_knows_even_without_a_bus() {
    let pair = Pair::open().await;
    let (_, variant) = pair.house.product("pot", 1_000, 500).await;
    pair.bus.cut();
    let cart = pair.house.cart(&[(variant, 1)]).await;
    let [here, there] = pair.markets();
    for quantity in 2..30 {
        let (writes, reads) = if quantity % 2 == 0 { (here, there) } else { (there, here) };
        writes.carts.set_quantity(cart, None, variant, quantity).await.expect("set");
        let seen = reads.carts.cart(cart, None).await.expect("a cart");
        assert_eq!(seen.lines[0].quantity, quantity);
    }
    pair.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_through_both() {
    let pair = Pair::open().await;
    let (_, variant) = pair.house.product("pot", 1_000, 50).await;
    let [here, there] = pair.markets();
    for (place, pay) in [(here, there), (there, here), (here, here)] {
        let cart = pair.house.cart(&[(variant, 1)]).await;
        let order = place.checkout.place(ask(cart)).await.expect("placed");
        let again = pay.checkout.place(ask(cart)).await.expect("the same key has the same answer there");
        assert_eq!((again.id, again.number), (order.id, order.number));
        let card = PaymentMethod::SandboxCard { token: "tok_ok".into() };
        let paid = pay.payments.confirm(order.payment.id, &with_key(&order), card).await.expect("paid");
        assert_eq!(paid.status, "captured");
        eventually("confirmed in both", async || {
            let viewer = with_key(&order);
            let seen = pair.markets().map(|market| market.orders.view(order.id, &viewer));
            join_all(seen)
                .await
                .iter()
                .all(|seen| seen.as_ref().is_ok_and(|order| order.status == OrderStatus::Confirmed))
        })
        .await;
    }
    pair.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_units_are_sold_once_whoever_sells_them() {
    for cut in [false, true] {
        let pair = Pair::open().await;
        let (pot, variant) = pair.house.product("pot", 1_000, 20).await;
        if cut {
            pair.bus.cut();
        }
        let line = [(variant, 1)];
        let carts = join_all((0..120).map(|_| pair.house.cart(&line))).await;
        let markets = pair.markets();
        let place = |(number, cart): (usize, &CartId)| {
            let (market, cart) = (markets[number % 2], *cart);
            async move {
                // "Try again" is an answer too, and means the same key.
                for _ in 0..20 {
                    match market.checkout.place(ask(cart)).await {
                        Err(PlaceError::Unavailable(_) | PlaceError::InProgress { .. }) => {}
                        answer => return answer,
                    }
                }
                panic!("no answer in twenty tries");
            }
        };
        let placed = join_all(carts.iter().enumerate().map(place)).await;
        let sold = placed.iter().filter(|order| order.is_ok()).count();
        let refused = placed.iter().filter(|order| matches!(order, Err(PlaceError::OutOfStock(_)))).count();
        assert_eq!((sold, refused), (20, 100), "cut: {cut}");
        for market in pair.markets() {
            eventually("both show that nothing is left", async || {
                let view = market.views.product(pot).await.unwrap().expect("a product");
                (cut && market.listing.index.is_none()) || view.view.variants[0].available == Some(0)
            })
            .await;
        }
        pair.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_of_both_hear_the_same_also_while_the_bus_is_cut() {
    let pair = Pair::open().await;
    let (pot, _) = pair.house.product("pot", 1_000, 5).await;
    let [here, there] = pair.markets();
    let [ada, ben] = ["ada", "ben"].map(guest);
    let viewer = Viewer { person: Some(ada.clone()), key: None };
    let (room, _) = here.rooms.open(RoomKind::Product, Some(&pot.to_string()), &viewer).await.expect("a room");
    let topic = Topic::Room(room.id);
    let mut inboxes = Vec::new();
    for market in pair.markets() {
        let (outbox, inbox, _) = outbox(1_000);
        inboxes.push((market.hub.subscribe(topic, outbox), inbox));
    }
    let say = async |number: usize| {
        let (market, author) = if number.is_multiple_of(2) { (here, &ada) } else { (there, &ben) };
        market.rooms.post(room.id, author, format!("{number}"), format!("c{number}")).await.expect("posted").seq
    };
    let mut newest = 0;
    for number in 0..40 {
        if number == 20 {
            pair.bus.cut();
        }
        newest = say(number).await;
    }
    for (_, inbox) in &mut inboxes {
        // A number that is missing is read from the journal by whoever follows; the newest has to be told.
        let heard = async {
            loop {
                if let Some(Notice::Entry { seq, .. }) = inbox.recv().await
                    && seq == newest
                {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), heard).await.expect("the newest was told within seconds");
    }
    pair.bus.mend();
    pair.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_is_heard_by_the_followers_of_the_other() {
    let pair = Pair::open().await;
    let (pot, _) = pair.house.product("pot", 1_000, 5).await;
    let [here, there] = pair.markets();
    let topic = Topic::Product(pot);
    let (outbox, mut inbox, _) = outbox(10);
    let _follows = there.hub.subscribe(topic, outbox);
    here.hub.signal(topic, &b"{\"typing\":true}".as_slice().into(), 0);
    let heard = tokio::time::timeout(Duration::from_secs(5), inbox.recv()).await.expect("heard");
    assert!(matches!(heard, Some(Notice::Signal { .. })), "{heard:?}");
    pair.close().await;
}
