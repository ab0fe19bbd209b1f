//! How a cart becomes an account's.

use proptest::prelude::*;
use uuid::Uuid;

use super::command::{CartCommand, CartRefusal, CartRequest, Offer, Requester};
use super::state::{Cart, CartLine};
use crate::aggregate::handle;
use crate::id::{AccountId, CartId, ProductId, VariantId};
use crate::money::Currency;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn by_shop(command: CartCommand) -> CartRequest {
    CartRequest { by: Requester::Shop, command }
}

fn offer(id: u128, unit_price: i64) -> Offer {
    Offer {
        variant_id: VariantId::from_uuid(Uuid::from_u128(id)),
        product_id: ProductId::from_uuid(Uuid::from_u128(id)),
        title: format!("Thing {id}"),
        unit_price,
        grams: 100,
        handle: "thing".into(),
        vendor: "Kiln".into(),
        categories: vec![],
    }
}

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

proptest! {
    /// However often a cart is handed over and taken, its units arrive once, and nothing grows beyond its bounds.
    #[test]
    fn what_is_handed_over_arrives_once(
        mine in prop::collection::vec((0..6_u128, 1..600_u32), 0..5),
        theirs in prop::collection::vec((0..6_u128, 1..600_u32), 0..5),
        repeats in 1..4_usize,
    ) {
        let cart = |id: u128, lines: &[(u128, u32)]| {
            let mut cart = Cart::default();
            let create = CartCommand::Create { id: CartId::from_uuid(Uuid::from_u128(id)), owner: None, currency: Currency::USD };
            handle(&mut cart, &by_shop(create), NOW).unwrap();
            for (variant, quantity) in lines {
                let _ = handle(&mut cart, &by_shop(CartCommand::AddLine { offer: offer(*variant, 100), quantity: *quantity }), NOW);
            }
            cart
        };
        let (mut to, mut from) = (cart(1, &mine), cart(2, &theirs));
        let (before, lines) = (to.clone(), from.lines.clone());
        for _ in 0..repeats {
            let over = CartCommand::HandOver { to: to.id.unwrap(), owner: account(1) };
            handle(&mut from, &by_shop(over), NOW).unwrap();
            let take = CartCommand::TakeOver { from: from.id.unwrap(), lines: lines.clone() };
            handle(&mut to, &by_shop(take), NOW).unwrap();
        }
        for line in &to.lines {
            let of = |lines: &[CartLine]| lines.iter().find(|known| known.variant_id == line.variant_id).map_or(0, |known| known.quantity);
            prop_assert_eq!(line.quantity, (of(&before.lines) + of(&lines)).min(999));
        }
        prop_assert_eq!(from.writable(), Err(CartRefusal::NotFound), "nothing is done with it any more");
        let other = CartCommand::Claim { owner: account(2) };
        prop_assert_eq!(handle(&mut from, &by_shop(other), NOW), Err(CartRefusal::NotFound));
    }
}

#[test]
fn a_cart_is_claimed_once() {
    let mut cart = Cart::default();
    let id = CartId::from_uuid(Uuid::from_u128(1));
    let create = CartCommand::Create { id, owner: Some("guest_1".to_owned()), currency: Currency::USD };
    handle(&mut cart, &by_shop(create), NOW).unwrap();
    let claim = |number| by_shop(CartCommand::Claim { owner: account(number) });
    assert_eq!(handle(&mut cart, &claim(1), NOW).unwrap().len(), 1);
    assert_eq!(handle(&mut cart, &claim(1), NOW).unwrap(), vec![]);
    assert_eq!(handle(&mut cart, &claim(2), NOW), Err(CartRefusal::NotFound));
    assert_eq!(cart.owner, Some(account(1).to_string()));
}
