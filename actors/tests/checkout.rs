//! The way of an order, on real embedded stores.

mod support;

use std::time::Duration;

use futures::future::join_all;
use souk_actors::carts::service::CartError;
use souk_actors::orders::checkout::PlaceError;
use souk_domain::cart::command::CartRefusal;
use souk_domain::order::state::OrderStatus;
use souk_domain::payment::state::PaymentMethod;
use support::{TestHouse, eventually, with_key};

const LONG: Duration = Duration::from_secs(900);

fn card(token: &str) -> PaymentMethod {
    PaymentMethod::SandboxCard { token: token.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_paid_and_confirmed_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (pot, pot_variant) = house.product("pot", 1_000, 5).await;
    let (cup, cup_variant) = house.product("cup", 300, 5).await;
    let cart = house.cart(&[(pot_variant, 2), (cup_variant, 1)]).await;
    let order = house.place(cart, "key").await.expect("placed");
    assert_eq!(order.totals.total.amount, 2_000 + 300 + 500);
    assert_eq!((order.status, order.payment.status.as_str()), (OrderStatus::AwaitingPayment, "requires_method"));
    assert_eq!((house.available(pot).await, house.available(cup).await), (3, 4));

    let payment =
        house.market.payments.confirm(order.payment.id, &with_key(&order), card("tok_ok")).await.expect("paid");
    assert_eq!(payment.status, "captured");
    let viewer = with_key(&order);
    assert_eq!(house.market.orders.view(order.id, &viewer).await.unwrap().status, OrderStatus::Confirmed);
    house.assert_rules_hold().await;
    house.close().await;

    let house = TestHouse::open(folder.path(), LONG).await;
    assert_eq!(house.market.orders.view(order.id, &viewer).await.unwrap().status, OrderStatus::Confirmed);
    assert_eq!(house.available(pot).await, 3);
    let again = house.place(cart, "key").await.expect("the same key has the same answer after a restart");
    assert_eq!((again.id, again.number), (order.id, order.number));
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_units_go_to_as_many_buyers_as_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (pot, variant) = house.product("pot", 1_000, 20).await;
    let line = [(variant, 1)];
    let carts = join_all((0..200).map(|_| house.cart(&line))).await;
    let placed = join_all(carts.iter().map(|cart| house.place(*cart, "key"))).await;
    let sold = placed.iter().filter(|order| order.is_ok()).count();
    let refused =
        placed.iter().filter(|order| matches!(order, Err(PlaceError::OutOfStock(items)) if items.len() == 1)).count();
    assert_eq!((sold, refused), (20, 180));
    assert_eq!(house.available(pot).await, 0);
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_cart_has_one_open_order_and_one_key_one_answer() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (_, variant) = house.product("pot", 1_000, 20).await;
    let cart = house.cart(&[(variant, 1)]).await;
    let same = join_all((0..20).map(|_| house.place(cart, "key"))).await;
    let first = same[0].as_ref().expect("placed").id;
    assert!(same.iter().all(|order| order.as_ref().is_ok_and(|order| order.id == first)));
    let other = house.place(cart, "another key").await.unwrap_err();
    assert_eq!(other, PlaceError::Cart(CartError::Refused(CartRefusal::InCheckout { order_id: first })));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sold_out_order_frees_its_cart_and_its_other_holds() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (pot, pot_variant) = house.product("pot", 1_000, 5).await;
    let (_, cup_variant) = house.product("cup", 300, 1).await;
    let cart = house.cart(&[(pot_variant, 2), (cup_variant, 2)]).await;
    let refused = house.place(cart, "key").await.unwrap_err();
    assert!(matches!(&refused, PlaceError::OutOfStock(items) if items.len() == 1 && items[0].available == 1));
    assert_eq!(house.place(cart, "key").await.unwrap_err(), refused, "the key keeps its refusal");
    assert_eq!(house.available(pot).await, 5);
    house.market.carts.set_quantity(cart, None, cup_variant, 1).await.expect("the cart is open again");
    house.place(cart, "another key").await.expect("and can be ordered");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_order_expires_also_while_the_process_is_down() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), Duration::from_millis(300)).await;
    let (pot, variant) = house.product("pot", 1_000, 5).await;
    let cart = house.cart(&[(variant, 2)]).await;
    let order = house.place(cart, "key").await.expect("placed");
    assert_eq!(house.available(pot).await, 3);
    house.close().await;

    let house = TestHouse::open(folder.path(), LONG).await;
    eventually("the stock is back", || async { house.available(pot).await == 5 }).await;
    let viewer = with_key(&order);
    eventually("the order is expired", || async {
        house.market.orders.view(order.id, &viewer).await.unwrap().status == OrderStatus::Expired
    })
    .await;
    eventually("the cart is open", || async { house.market.carts.set_quantity(cart, None, variant, 1).await.is_ok() })
        .await;
    let refused = house.market.payments.confirm(order.payment.id, &viewer, card("tok_ok")).await;
    assert!(refused.is_err(), "a voided payment takes no money");
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_are_declined_challenged_and_late() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (_, variant) = house.product("pot", 1_000, 50).await;
    let confirm = async |token: &str| {
        let order = house.place(house.cart(&[(variant, 1)]).await, "key").await.expect("placed");
        let payment =
            house.market.payments.confirm(order.payment.id, &with_key(&order), card(token)).await.expect("answered");
        (order, payment)
    };

    let (order, payment) = confirm("tok_declined").await;
    assert_eq!(payment.status, "declined");
    let viewer = with_key(&order);
    let confirms = (0..20).map(|_| house.market.payments.confirm(order.payment.id, &viewer, card("tok_ok")));
    for confirmed in join_all(confirms).await {
        assert_eq!(confirmed.expect("another card").status, "captured");
    }
    let books = house.sandbox.books().await.unwrap();
    assert_eq!(books.iter().map(|intent| intent.captured).sum::<i64>(), 1_500, "one capture");

    let (order, payment) = confirm("tok_challenge").await;
    assert_eq!(payment.status, "requires_action");
    assert!(payment.action_url.is_some_and(|url| url.contains("challenges")), "the buyer is sent somewhere");
    assert_eq!(
        house.market.orders.view(order.id, &with_key(&order)).await.unwrap().status,
        OrderStatus::AwaitingPayment
    );

    let (order, payment) = confirm("tok_late").await;
    assert_eq!(payment.status, "processing");
    let viewer = with_key(&order);
    eventually("the late money confirms the order", || async {
        house.market.orders.view(order.id, &viewer).await.unwrap().status == OrderStatus::Confirmed
    })
    .await;
    house.assert_rules_hold().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_gives_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let house = TestHouse::open(folder.path(), LONG).await;
    let (pot, variant) = house.product("pot", 1_000, 5).await;
    let order = house.place(house.cart(&[(variant, 2)]).await, "key").await.expect("placed");
    let cancelled = house.market.orders.cancel(order.id, &with_key(&order)).await.expect("cancelled");
    assert_eq!((cancelled.status, house.available(pot).await), (OrderStatus::Cancelled, 5));
    house.market.orders.cancel(order.id, &with_key(&order)).await.expect("twice is once");
    house.assert_rules_hold().await;
    house.close().await;
}
