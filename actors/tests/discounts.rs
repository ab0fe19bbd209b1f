//! Limited discounts on real embedded stores: exact under parallel use, across restarts and after every ending.

mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use souk_actors::carts::service::{CartChange, CartError};
use souk_actors::check::check;
use souk_actors::discounts::service::Redemption;
use souk_actors::orders::checkout::PlaceError;
use souk_actors::runtime::entity::Limits;
use souk_actors::runtime::world::{Clock, SystemClock};
use souk_domain::cart::command::CartRefusal;
use souk_domain::discount::command::ClaimRequest;
use souk_domain::discount::event::DiscountEvent;
use souk_domain::id::{CartId, OrderId, VariantId, discount_id};
use souk_domain::order::state::OrderStatus;
use souk_domain::payment::state::PaymentMethod;
use souk_domain::pricing::discounts::{Discount, Effect, Scope};
use souk_domain::pricing::rules::PriceRules;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Relay};
use support::{TestHouse, eventually, rules, with_key};
use uuid::Uuid;

const LONG: Duration = Duration::from_secs(900);

/// The system's clock, which a test can put forward.
#[derive(Debug, Default)]
struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(SystemClock.now().as_millis() + self.0.load(Ordering::Relaxed))
    }
}

fn ten_off(limit: Option<u32>, limit_per_customer: Option<u32>) -> Discount {
    Discount {
        id: "ten".into(),
        title: "Ten off".into(),
        code: Some("TEN".into()),
        minimum_subtotal: 0,
        countries: vec![],
        starts_at: None,
        ends_at: None,
        combinable: false,
        limit,
        limit_per_customer,
        scope: Scope::All,
        effect: Effect::Percentage { rate_ppm: 100_000 },
    }
}

async fn open(path: &Path, discount: Discount) -> TestHouse {
    open_at(path, discount, LONG, Arc::default()).await
}

async fn open_at(path: &Path, discount: Discount, hold: Duration, clock: Arc<TestClock>) -> TestHouse {
    let rules = PriceRules { discounts: vec![discount], ..rules() };
    TestHouse::open_as(path, hold, Limits::default(), rules, clock).await
}

async fn cart(house: &TestHouse, variant: VariantId, email: &str) -> CartId {
    let id = house.cart(&[(variant, 1)]).await;
    let change =
        CartChange { email: Some(email.into()), discount_codes: Some(vec!["ten".into()]), ..CartChange::default() };
    house.market.carts.update(id, None, change).await.expect("the code is accepted");
    id
}

fn used_up() -> PlaceError {
    PlaceError::DiscountUsedUp(vec!["TEN".into()])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_use_goes_to_one_of_twenty_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = open(folder.path(), ten_off(Some(1), None)).await;
    let (pot, variant) = house.product("pot", 1_000, 50).await;
    let carts = join_all((0..20).map(|_| cart(&house, variant, "ada@example.com"))).await;
    let placed = join_all(carts.iter().map(|cart| house.place(*cart, "key"))).await;
    let winners: Vec<_> = placed.iter().filter_map(|order| order.as_ref().ok()).collect();
    let refused = placed.iter().filter(|order| order.as_ref().is_err_and(|error| *error == used_up())).count();
    assert_eq!((winners.len(), refused), (1, 19));
    assert_eq!((winners[0].totals.discount.amount, winners[0].totals.total.amount), (100, 900 + 500));
    assert_eq!(house.available(pot).await, 49, "the refused gave their stock back");
    let viewer = with_key(winners[0]);
    let card = PaymentMethod::SandboxCard { token: "tok_ok".into() };
    house.market.payments.confirm(winners[0].payment.id, &viewer, card).await.expect("paid");
    assert_eq!(house.market.orders.view(winners[0].id, &viewer).await.unwrap().status, OrderStatus::Confirmed);
    house.assert_rules_hold().await;
    house.close().await;

    let house = open(folder.path(), ten_off(Some(1), None)).await;
    let carts = join_all((0..20).map(|_| cart(&house, variant, "eve@example.com"))).await;
    let placed = join_all(carts.iter().map(|cart| house.place(*cart, "key"))).await;
    assert!(placed.iter().all(|order| order.as_ref().is_err_and(|error| *error == used_up())));
    house.assert_rules_hold().await;
    house.close().await;

    let house = open(folder.path(), ten_off(Some(2), None)).await;
    let placed = join_all((0..20).map(async |_| {
        let cart = cart(&house, variant, "eve@example.com").await;
        house.place(cart, "key").await
    }));
    assert_eq!(placed.await.iter().filter(|order| order.is_ok()).count(), 1, "the limit was raised by one");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_or_expired_order_gives_its_use_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TestClock::default());
    let house = open_at(folder.path(), ten_off(Some(1), None), LONG, Arc::clone(&clock)).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    let (first, second) =
        (cart(&house, variant, "ada@example.com").await, cart(&house, variant, "eve@example.com").await);
    let order = house.place(first, "key").await.expect("placed");
    assert_eq!(house.place(second, "key").await.unwrap_err(), used_up());
    assert_eq!(house.place(second, "key").await.unwrap_err(), used_up(), "the key keeps its refusal");
    house.market.orders.cancel(order.id, &with_key(&order)).await.expect("cancelled");
    let order = house.place(second, "key 2").await.expect("the use is free again");
    clock.0.store(i64::try_from(LONG.as_millis()).unwrap() + 1_000, Ordering::Relaxed);
    let viewer = with_key(&order);
    eventually("the order is expired and the cart open", || async {
        house.market.orders.view(order.id, &viewer).await.unwrap().status == OrderStatus::Expired
            && house.market.carts.set_quantity(second, None, variant, 2).await.is_ok()
    })
    .await;
    house.place(second, "key 3").await.expect("and free once more");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_an_email_address_and_only_its_digest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let house = open(folder.path(), ten_off(None, Some(1))).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    let place = async |email: &str| house.place(cart(&house, variant, email).await, "key").await;
    place("Ada@example.com").await.expect("the first");
    assert_eq!(place("ada@EXAMPLE.com").await.unwrap_err(), used_up());
    place("eve@example.com").await.expect("somebody else");
    let id = EntityId::new(discount_id("ten"));
    let journal = house.stores.orders.events_after(&id, 0, 100).await.expect("events");
    assert!(journal.len() >= 2 && journal.iter().all(|recorded| !recorded.event.contains("example.com")));
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discount_that_ended_since_is_a_changed_price() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(TestClock::default());
    let ends_at = Some(clock.now().plus(Duration::from_secs(600)));
    let discount = Discount { ends_at, ..ten_off(None, None) };
    let house = open_at(folder.path(), discount, LONG, Arc::clone(&clock)).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    let (first, second) =
        (cart(&house, variant, "ada@example.com").await, cart(&house, variant, "ada@example.com").await);
    let order = house.place(first, "key").await.expect("in time");
    assert_eq!(order.totals.total.amount, 1_400);
    clock.0.store(700_000, Ordering::Relaxed);
    let changed = PlaceError::Cart(CartError::Refused(CartRefusal::PriceChanged { items: vec![], total: 1_500 }));
    assert_eq!(house.place(second, "key").await.unwrap_err(), changed);
    let shown = house.market.carts.view(second, None).await.expect("the cart");
    assert_eq!(
        (shown.discount_codes, shown.discounts.len(), shown.totals.total.amount),
        (vec!["TEN".into()], 0, 1_500)
    );
    assert_eq!(house.place(second, "key 2").await.expect("as shown").totals.total.amount, 1_500);
    let first = house.market.carts.view(first, None).await.expect("the first cart");
    assert_eq!(first.totals.total.amount, 1_400, "a cart in checkout shows what its order costs");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_costs_nothing_is_confirmed_at_once_and_a_step_done_twice_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let all =
        Discount { combinable: true, effect: Effect::Percentage { rate_ppm: 1_000_000 }, ..ten_off(Some(1), None) };
    let shipping = Discount { id: "free".into(), code: None, limit: None, effect: Effect::FreeShipping, ..all.clone() };
    let rules = PriceRules { discounts: vec![all, shipping], ..rules() };
    let clock = Arc::<TestClock>::default();
    let house = TestHouse::open_as(folder.path(), LONG, Limits::default(), rules, clock).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    let order = house.place(cart(&house, variant, "ada@example.com").await, "key").await.expect("placed");
    assert_eq!((order.totals.total.amount, order.totals.discount.amount), (0, 1_500));
    let viewer = with_key(&order);
    eventually("it is confirmed without a payment", || async {
        house.market.orders.view(order.id, &viewer).await.unwrap().status == OrderStatus::Confirmed
    })
    .await;
    let (discounts, id) = (&house.market.discounts, discount_id("ten"));
    assert_eq!(discounts.redeem(id, order.id).await, Ok(Redemption::Redeemed), "the store remembers it");
    let stranger = OrderId::from_uuid(Uuid::from_u128(7));
    assert_eq!(discounts.redeem(id, stranger).await, Ok(Redemption::NoClaim));
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_finds_a_use_too_many_and_a_claim_of_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let house = open(folder.path(), ten_off(Some(1), None)).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    house.place(cart(&house, variant, "ada@example.com").await, "key").await.expect("placed");
    house.assert_rules_hold().await;
    let request = ClaimRequest { discount_id: discount_id("ten"), code: "TEN".into(), limit: Some(1), customer: None };
    let order = OrderId::from_uuid(Uuid::from_u128(7));
    let claimed = DiscountEvent::Claimed { order, request, until: SystemClock.now() };
    let planted = Commit {
        entity: EntityId::new(discount_id("ten")),
        predecessor: 1,
        commit_id: Uuid::from_u128(7),
        at: SystemClock.now(),
        events: vec![serde_json::to_string(&claimed).unwrap()],
        snapshot: None,
        due_at: None,
        relay: Relay::Nobody,
        rows: vec![],
    };
    house.stores.orders.append(planted).await.expect("planted");
    let books = house.sandbox.books().await.expect("books");
    let report = check(&house.stores, &books).await.expect("check");
    let rules: Vec<&str> = report.violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(rules, ["no use beyond the limit", "a claim belongs to an order"]);
    house.close().await;
}
