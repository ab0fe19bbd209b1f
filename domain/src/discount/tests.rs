use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use uuid::Uuid;

use super::command::{ClaimRequest, CustomerClaim, DiscountCommand, DiscountRefusal};
use super::event::DiscountEvent;
use super::state::LimitedDiscount;
use crate::aggregate::{Aggregate, handle};
use crate::id::{OrderId, discount_id};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);
const LATER: Timestamp = Timestamp::from_millis(9_000);

fn order(id: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(id))
}

fn request(limit: Option<u32>, customer: Option<(u8, u32)>) -> ClaimRequest {
    let customer = customer.map(|(name, limit)| CustomerClaim { digest: format!("digest-{name}"), limit });
    ClaimRequest { discount_id: discount_id("ten"), code: "TEN".into(), limit, customer }
}

fn claim(id: u128, limit: Option<u32>, customer: Option<(u8, u32)>) -> DiscountCommand {
    DiscountCommand::Claim { order: order(id), request: request(limit, customer), not_after: LATER }
}

fn release(id: u128) -> DiscountCommand {
    DiscountCommand::Release { order: order(id), not_after: LATER }
}

fn redeem(id: u128) -> DiscountCommand {
    DiscountCommand::Redeem { order: order(id) }
}

#[test]
fn the_last_use_goes_to_one_order_and_comes_back() {
    let mut discount = LimitedDiscount::default();
    handle(&mut discount, &claim(1, Some(1), None), NOW).unwrap();
    assert_eq!(handle(&mut discount, &claim(1, Some(1), None), NOW).unwrap(), vec![], "the same order asks twice");
    assert_eq!(handle(&mut discount, &claim(2, Some(1), None), NOW), Err(DiscountRefusal::UsedUp));
    handle(&mut discount, &release(1), NOW).unwrap();
    assert_eq!(handle(&mut discount, &release(1), NOW).unwrap(), vec![], "released twice");
    handle(&mut discount, &claim(2, Some(1), None), NOW).unwrap();
    handle(&mut discount, &redeem(2), NOW).unwrap();
    assert_eq!(handle(&mut discount, &redeem(2), NOW), Err(DiscountRefusal::ClaimUnknown), "the store knows it");
    assert_eq!(handle(&mut discount, &claim(3, Some(1), None), NOW), Err(DiscountRefusal::UsedUp));
    assert_eq!((discount.redeemed, discount.claims.len()), (1, 0));
}

#[test]
fn an_ended_or_released_claim_does_not_come_back() {
    let mut discount = LimitedDiscount::default();
    handle(&mut discount, &release(1), NOW).unwrap();
    assert_eq!(handle(&mut discount, &claim(1, None, None), NOW), Err(DiscountRefusal::ClaimTooLate), "overtaken");
    for end in [release(2), redeem(2)] {
        let mut discount = LimitedDiscount::default();
        handle(&mut discount, &claim(2, None, None), NOW).unwrap();
        handle(&mut discount, &end, NOW).unwrap();
        assert_eq!(handle(&mut discount, &claim(2, None, None), NOW), Err(DiscountRefusal::ClaimTooLate));
    }
    let late = LATER.plus(Duration::from_millis(1));
    assert_eq!(handle(&mut discount, &claim(3, None, None), late), Err(DiscountRefusal::ClaimTooLate));
    // Once nothing can come late any more, the next burial clears the old ones.
    let much_later = DiscountCommand::Release { order: order(4), not_after: late.plus(Duration::from_secs(1)) };
    handle(&mut discount, &much_later, late).unwrap();
    assert_eq!(discount.tombstones.len(), 1);
}

#[test]
fn each_customer_has_a_limit_of_their_own() {
    let mut discount = LimitedDiscount::default();
    handle(&mut discount, &claim(1, None, Some((1, 1))), NOW).unwrap();
    assert_eq!(handle(&mut discount, &claim(2, None, Some((1, 1))), NOW), Err(DiscountRefusal::UsedUp));
    handle(&mut discount, &claim(3, None, Some((2, 1))), NOW).unwrap();
    handle(&mut discount, &release(1), NOW).unwrap();
    handle(&mut discount, &claim(4, None, Some((1, 1))), NOW).unwrap();
    handle(&mut discount, &redeem(4), NOW).unwrap();
    assert_eq!(handle(&mut discount, &claim(5, None, Some((1, 1))), NOW), Err(DiscountRefusal::UsedUp));
}

#[derive(Debug, Clone)]
enum Step {
    Claim(u128, u8),
    Release(u128),
    Redeem(u128),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1..16_u128, 0..4_u8).prop_map(|(order, customer)| Step::Claim(order, customer)),
        1 => (1..16_u128).prop_map(Step::Release),
        1 => (1..16_u128).prop_map(Step::Redeem),
    ]
}

proptest! {
    /// Against a plain model: whatever comes, in any order and doubled, no limit is passed, and what the
    /// state says is what its events say.
    #[test]
    fn no_limit_is_ever_passed(
        steps in prop::collection::vec(step(), 1..150), limit in 1..8_u32, each in 1..4_u32,
    ) {
        let mut discount = LimitedDiscount::default();
        let mut model: BTreeMap<u128, (u8, bool)> = BTreeMap::new();
        let mut journal: Vec<DiscountEvent> = Vec::new();
        for step in steps {
            let command = match step {
                Step::Claim(order, customer) => claim(order, Some(limit), Some((customer, each))),
                Step::Release(order) => release(order),
                Step::Redeem(order) => redeem(order),
            };
            let outcome = handle(&mut discount, &command, NOW);
            match (step, &outcome) {
                (Step::Claim(order, customer), Ok(events)) => {
                    let is_new = !model.contains_key(&order);
                    model.entry(order).or_insert((customer, false));
                    prop_assert_eq!(is_new, !events.is_empty(), "one claim for each order");
                }
                (Step::Release(order), Ok(_)) => { model.retain(|id, (_, paid)| *id != order || *paid); }
                (Step::Redeem(order), Ok(_)) => { model.get_mut(&order).unwrap().1 = true; }
                (Step::Claim(order, customer), Err(DiscountRefusal::UsedUp)) => {
                    let of_customer = model.values().filter(|(who, _)| *who == customer).count();
                    prop_assert!(!model.contains_key(&order));
                    prop_assert!(model.len() == limit as usize || of_customer == each as usize, "refused for nothing");
                }
                (_, Err(_)) => {}
            }
            journal.extend(outcome.unwrap_or_default());
            prop_assert!(model.len() <= limit as usize);
            prop_assert_eq!(discount.used(), model.len() as u64);
            prop_assert_eq!(discount.redeemed, model.values().filter(|(_, paid)| *paid).count() as u64);
            for customer in 0..4_u8 {
                let uses = model.values().filter(|(who, _)| *who == customer).count();
                prop_assert!(uses <= each as usize);
                prop_assert_eq!(discount.customers.get(&format!("digest-{customer}")).map_or(0, |uses| *uses as usize), uses);
            }
            prop_assert_eq!(discount.check(), Ok(()));
        }
        let mut replayed = LimitedDiscount::default();
        for event in &journal {
            replayed.evolve(&serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap());
        }
        prop_assert_eq!(replayed, discount);
    }
}
