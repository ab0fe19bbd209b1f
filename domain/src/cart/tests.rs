use proptest::prelude::*;
use uuid::Uuid;

use super::command::{
    CartAnswer, CartCommand, CartRefusal, CartRequest, CartUpdate, CheckoutOutcome, Offer, Requester, StartCheckout,
};
use super::event::CartEvent;
use super::state::{Cart, CartStatus, MAX_KEYS, MAX_QUANTITY};
use crate::address::{Address, Recipient};
use crate::aggregate::{self, Aggregate};
use crate::id::{CartId, OrderId, ProductId, VariantId};
use crate::money::Currency;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn request(command: &CartCommand) -> CartRequest {
    CartRequest { by: Requester::Person(None), command: command.clone() }
}

/// As a caller does it who priced the cart right before.
fn priced_now(cart: &Cart, command: &CartCommand) -> CartRequest {
    let mut request = request(command);
    if let CartCommand::StartCheckout(start) = &mut request.command {
        start.seen_version = cart.version;
    }
    request
}

fn handle(cart: &mut Cart, command: &CartCommand, now: Timestamp) -> Result<Vec<CartEvent>, CartRefusal> {
    let request = priced_now(cart, command);
    aggregate::handle(cart, &request, now)
}

fn offer(id: u128, unit_price: i64) -> Offer {
    let (variant_id, product_id) =
        (VariantId::from_uuid(Uuid::from_u128(id)), ProductId::from_uuid(Uuid::from_u128(id)));
    Offer {
        variant_id,
        product_id,
        title: format!("Thing {id}"),
        unit_price,
        grams: 100,
        handle: "thing".into(),
        vendor: "Kiln".into(),
        categories: vec!["Pots".into()],
    }
}

fn order(id: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(id))
}

fn start(id: u128, key: &str, price: i64) -> CartCommand {
    CartCommand::StartCheckout(Box::new(StartCheckout {
        order_id: order(id),
        key: key.into(),
        fingerprint: "body".into(),
        seen_version: 0,
        offers: vec![offer(1, price)],
        total: price,
        priced_at: NOW,
        shown_total: price,
        expected_total: None,
    }))
}

fn ready() -> Cart {
    let mut cart = Cart::default();
    let recipient = Recipient {
        name: "Ada".into(),
        line1: "1 Main St".into(),
        line2: None,
        city: "Town".into(),
        postal_code: "1".into(),
        phone: None,
    };
    let update = CartUpdate {
        email: Some("ada@example.com".into()),
        shipping_address: Some(Address { recipient: recipient.into(), country: "DE".into(), region: None }),
        shipping_option_id: Some("standard".into()),
        shipping_option_ids: vec!["standard".into()],
        discount_codes: Some(vec!["TEN".into()]),
    };
    for command in [
        CartCommand::Create { id: CartId::from_uuid(Uuid::from_u128(5)), owner: None, currency: Currency::USD },
        CartCommand::AddLine { offer: offer(1, 500), quantity: 2 },
        CartCommand::Update(Box::new(update)),
    ] {
        handle(&mut cart, &command, NOW).unwrap();
    }
    cart
}

fn outcome(cart: &Cart, command: &CartCommand) -> Result<OrderId, CartRefusal> {
    let CartAnswer::Checkout(answer) = cart.answer(&request(command)) else { panic!("a checkout is answered as one") };
    answer.outcome
}

#[test]
fn one_key_one_order() {
    let mut cart = ready();
    handle(&mut cart, &start(1, "k", 500), NOW).unwrap();
    assert_eq!(handle(&mut cart, &start(2, "k", 500), NOW).unwrap(), vec![]);
    assert_eq!(outcome(&cart, &start(2, "k", 500)), Ok(order(1)));
    assert_eq!(handle(&mut cart, &start(2, "other", 500), NOW), Err(CartRefusal::InCheckout { order_id: order(1) }));
}

#[test]
fn a_cart_that_changed_after_it_was_priced_is_priced_again() {
    let mut cart = ready();
    let request = priced_now(&cart, &start(1, "k", 500));
    handle(&mut cart, &CartCommand::AddLine { offer: offer(1, 500), quantity: 1 }, NOW).unwrap();
    assert_eq!(aggregate::handle(&mut cart, &request, NOW), Err(CartRefusal::ChangedMeanwhile));
    assert_eq!((cart.key("k"), cart.order), (None, None), "the key is still free");
}

#[test]
fn a_key_with_another_request_is_refused() {
    let mut cart = ready();
    handle(&mut cart, &start(1, "k", 500), NOW).unwrap();
    let CartCommand::StartCheckout(mut other) = start(2, "k", 500) else { unreachable!() };
    other.fingerprint = "another body".into();
    assert_eq!(handle(&mut cart, &CartCommand::StartCheckout(other), NOW), Err(CartRefusal::KeyReused));
}

#[test]
fn a_changed_price_is_refused_once_and_then_shown() {
    let mut cart = ready();
    handle(&mut cart, &start(1, "a", 600), NOW).unwrap();
    assert!(
        matches!(outcome(&cart, &start(1, "a", 600)), Err(CartRefusal::PriceChanged { items, .. }) if items[0].new == 600)
    );
    assert_eq!(cart.lines[0].unit_price, 600);
    handle(&mut cart, &start(2, "b", 600), NOW).unwrap();
    assert_eq!(outcome(&cart, &start(2, "b", 600)), Ok(order(2)));
    assert!(
        matches!(outcome(&cart, &start(1, "a", 600)), Err(CartRefusal::PriceChanged { .. })),
        "the first answer stays"
    );
}

#[test]
fn a_total_that_changed_by_itself_is_refused_once_and_then_shown() {
    let mut cart = ready();
    let later = Timestamp::from_millis(9_000);
    let ended = |id, key: &str, shown_total| {
        let CartCommand::StartCheckout(start) = start(id, key, 500) else { unreachable!() };
        CartCommand::StartCheckout(Box::new(StartCheckout { total: 1_000, shown_total, priced_at: later, ..*start }))
    };
    handle(&mut cart, &ended(1, "a", 900), later).unwrap();
    let refused = CartRefusal::PriceChanged { items: vec![], total: 1_000 };
    assert_eq!(outcome(&cart, &ended(1, "a", 900)), Err(refused));
    assert_eq!((cart.shown_at, &cart.discount_codes[..]), (Some(later), &["TEN".to_owned()][..]), "the code stays");
    handle(&mut cart, &ended(2, "b", 1_000), later).unwrap();
    assert_eq!((outcome(&cart, &ended(2, "b", 1_000)), cart.checkout_at), (Ok(order(2)), Some(later)));
}

#[test]
fn lines_take_over_what_their_offers_say_when_the_checkout_begins() {
    let mut cart = ready();
    let CartCommand::StartCheckout(mut command) = start(1, "a", 500) else { unreachable!() };
    command.offers[0].grams = 250;
    handle(&mut cart, &CartCommand::StartCheckout(command), NOW).unwrap();
    assert_eq!((cart.lines[0].grams, cart.lines[0].quantity, cart.order), (250, 2, Some(order(1))));
}

#[test]
fn a_cart_in_checkout_is_read_only_until_its_order_ends() {
    let mut cart = ready();
    handle(&mut cart, &start(1, "a", 500), NOW).unwrap();
    let add = CartCommand::AddLine { offer: offer(2, 1), quantity: 1 };
    assert_eq!(handle(&mut cart, &add, NOW), Err(CartRefusal::InCheckout { order_id: order(1) }));
    let end = |order_id, outcome| CartCommand::EndCheckout { order_id, outcome };
    assert_eq!(handle(&mut cart, &end(order(7), CheckoutOutcome::Reopened), NOW).unwrap(), vec![], "not its order");
    handle(&mut cart, &end(order(1), CheckoutOutcome::Reopened), NOW).unwrap();
    handle(&mut cart, &add, NOW).unwrap();
    assert_eq!(cart.status(), CartStatus::Open);
}

#[test]
fn what_is_missing_is_named() {
    let mut cart = Cart::default();
    let id = CartId::from_uuid(Uuid::from_u128(5));
    handle(&mut cart, &CartCommand::Create { id, owner: None, currency: Currency::USD }, NOW).unwrap();
    handle(&mut cart, &CartCommand::AddLine { offer: offer(1, 500), quantity: 1 }, NOW).unwrap();
    handle(&mut cart, &start(1, "a", 500), NOW).unwrap();
    let expected = ["email", "shipping_address", "shipping_option_id"].map(str::to_owned).to_vec();
    assert_eq!(outcome(&cart, &start(1, "a", 500)), Err(CartRefusal::Incomplete { fields: expected }));
}

#[test]
fn an_owned_cart_is_only_its_owners() {
    let mut cart = Cart::default();
    let id = CartId::from_uuid(Uuid::from_u128(5));
    let create = CartCommand::Create { id, owner: Some("ada".into()), currency: Currency::USD };
    handle(&mut cart, &create, NOW).unwrap();
    let command = CartCommand::AddLine { offer: offer(1, 500), quantity: 1 };
    let by = |person: Option<&str>| CartRequest {
        by: Requester::Person(person.map(str::to_owned)),
        command: command.clone(),
    };
    assert_eq!(aggregate::handle(&mut cart, &by(None), NOW), Err(CartRefusal::NotFound));
    assert_eq!(aggregate::handle(&mut cart, &by(Some("eve")), NOW), Err(CartRefusal::NotFound));
    assert!(aggregate::handle(&mut cart, &by(Some("ada")), NOW).is_ok());
}

proptest! {
    #[test]
    fn quantities_and_keys_stay_in_bounds(steps in prop::collection::vec((0..5_u8, 1..4_u128, 0..1_200_u32), 1..150)) {
        let mut cart = ready();
        let mut journal: Vec<CartEvent> = Vec::new();
        for (number, (step, id, quantity)) in steps.into_iter().enumerate() {
            let command = match step {
                0 => CartCommand::AddLine { offer: offer(id, 500), quantity: quantity.max(1) },
                1 => CartCommand::SetQuantity { variant_id: offer(id, 0).variant_id, quantity },
                2 => CartCommand::RemoveLine { variant_id: offer(id, 0).variant_id },
                3 => start(id, &format!("key-{number}"), i64::from(quantity)),
                _ => CartCommand::EndCheckout { order_id: order(id), outcome: CheckoutOutcome::Reopened },
            };
            let before = cart.clone();
            match handle(&mut cart, &command, NOW) {
                Ok(events) => journal.extend(events),
                Err(_) => prop_assert_eq!(&before, &cart),
            }
            prop_assert!(cart.lines.iter().all(|line| (1..=MAX_QUANTITY).contains(&line.quantity)));
            prop_assert!(cart.keys.len() <= MAX_KEYS);
        }
        let mut replayed = ready();
        for event in &journal {
            replayed.evolve(&serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap());
        }
        prop_assert_eq!(replayed, cart);
    }
}
