use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::command::{ImportedProduct, ImportedVariant, ProductAnswer, ProductCommand, ProductRefusal};
use super::state::{Details, HeldLine, Product, Status};
use crate::aggregate::{Aggregate, handle};
use crate::id::{OrderId, ProductId, VariantId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

const SMALL: u128 = 1;
const LARGE: u128 = 2;
const NOW: Timestamp = Timestamp::from_millis(1_000);
const LATER: Timestamp = Timestamp::from_millis(9_000);

fn variant(id: u128, inventory: Option<i64>) -> ImportedVariant {
    ImportedVariant {
        candidate: VariantId::from_uuid(Uuid::from_u128(id)),
        sku: Some(format!("SKU-{id}")),
        title: format!("Size {id}"),
        options: BTreeMap::from([("Size".to_owned(), id.to_string())]),
        grams: 100,
        price: Money::new(1_000, Currency::USD),
        compare_at_price: None,
        inventory,
    }
}

fn import(small: i64, large: i64) -> ProductCommand {
    let details = Details { handle: "pot".into(), title: "Pot".into(), status: Status::Active, ..Details::default() };
    let variants = vec![variant(SMALL, Some(small)), variant(LARGE, Some(large))];
    let product = Box::new(ImportedProduct { details, variants });
    ProductCommand::Import { id: ProductId::from_uuid(Uuid::from_u128(9)), product }
}

fn order(id: u128) -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(id))
}

fn hold(order_id: u128, variant: u128, quantity: u32) -> ProductCommand {
    let lines = vec![HeldLine { variant: VariantId::from_uuid(Uuid::from_u128(variant)), quantity }];
    ProductCommand::Hold { order: order(order_id), lines, not_after: LATER }
}

fn stocked(small: i64, large: i64) -> Product {
    let mut product = Product::default();
    handle(&mut product, &import(small, large), NOW).unwrap();
    product
}

fn available(product: &Product, id: u128) -> i64 {
    product.variant(VariantId::from_uuid(Uuid::from_u128(id))).unwrap().available().unwrap()
}

#[test]
fn the_last_unit_is_held_once() {
    let mut product = stocked(1, 0);
    handle(&mut product, &hold(1, SMALL, 1), NOW).unwrap();
    assert_eq!(handle(&mut product, &hold(1, SMALL, 1), NOW).unwrap(), vec![], "the same order asks twice");
    let refused = handle(&mut product, &hold(2, SMALL, 1), NOW).unwrap_err();
    assert!(matches!(refused, ProductRefusal::OutOfStock(items) if items[0].available == 0));
}

#[test]
fn a_release_that_overtakes_its_hold_keeps_it_out() {
    let mut product = stocked(5, 0);
    let release = ProductCommand::Release { order: order(1), not_after: LATER };
    handle(&mut product, &release, NOW).unwrap();
    assert_eq!(handle(&mut product, &hold(1, SMALL, 1), NOW), Err(ProductRefusal::HoldTooLate));
    assert_eq!(available(&product, SMALL), 5);
}

#[test]
fn a_hold_after_its_time_is_refused() {
    let mut product = stocked(5, 0);
    let late = LATER.plus(std::time::Duration::from_millis(1));
    assert_eq!(handle(&mut product, &hold(1, SMALL, 1), late), Err(ProductRefusal::HoldTooLate));
}

#[test]
fn an_unchanged_file_after_sales_changes_nothing() {
    let mut product = stocked(5, 5);
    handle(&mut product, &hold(1, SMALL, 2), NOW).unwrap();
    handle(&mut product, &ProductCommand::Sell { order: order(1) }, NOW).unwrap();
    assert_eq!(handle(&mut product, &import(5, 5), NOW).unwrap(), vec![]);
    assert_eq!(available(&product, SMALL), 3);
}

#[test]
fn a_file_changes_stock_by_its_own_difference() {
    let mut product = stocked(5, 5);
    handle(&mut product, &hold(1, SMALL, 2), NOW).unwrap();
    handle(&mut product, &ProductCommand::Sell { order: order(1) }, NOW).unwrap();
    handle(&mut product, &import(8, 5), NOW).unwrap();
    assert_eq!(available(&product, SMALL), 6);
}

#[test]
fn a_file_below_what_is_held_is_refused_for_that_variant_alone() {
    let mut product = stocked(5, 5);
    handle(&mut product, &hold(1, SMALL, 4), NOW).unwrap();
    let file = import(2, 9);
    handle(&mut product, &file, NOW).unwrap();
    let ProductAnswer::Imported(report) = product.answer(&file) else { panic!("an import is answered with a report") };
    assert_eq!(report.refused.iter().map(|variant| (variant.index, variant.held)).collect::<Vec<_>>(), vec![(0, 4)]);
    assert_eq!((available(&product, SMALL), available(&product, LARGE)), (1, 9));
}

#[derive(Debug, Clone)]
enum Step {
    Import(i64, i64),
    Hold(u128, u128, u32),
    Release(u128),
    Sell(u128),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..20_i64, 0..20_i64).prop_map(|(small, large)| Step::Import(small, large)),
        (1..12_u128, 1..3_u128, 1..6_u32).prop_map(|(order, variant, units)| Step::Hold(order, variant, units)),
        (1..12_u128).prop_map(Step::Release),
        (1..12_u128).prop_map(Step::Sell),
    ]
}

proptest! {
    #[test]
    fn stock_is_conserved_and_never_oversold(steps in prop::collection::vec(step(), 1..120)) {
        let mut product = stocked(10, 3);
        for step in steps {
            let command = match step {
                Step::Import(small, large) => import(small, large),
                Step::Hold(order, variant, units) => hold(order, variant, units),
                Step::Release(id) => ProductCommand::Release { order: order(id), not_after: LATER },
                Step::Sell(id) => ProductCommand::Sell { order: order(id) },
            };
            let _ = handle(&mut product, &command, NOW);
            prop_assert_eq!(product.check(), Ok(()));
        }
    }

    #[test]
    fn replay_gives_the_same_product(steps in prop::collection::vec((1..12_u128, 1..3_u128, 1..6_u32), 1..60)) {
        let mut product = Product::default();
        let mut journal = handle(&mut product, &import(10, 10), NOW).unwrap();
        for (order_id, variant, units) in steps {
            journal.extend(handle(&mut product, &hold(order_id, variant, units), NOW).unwrap_or_default());
            if units == 1 {
                journal.extend(handle(&mut product, &ProductCommand::Sell { order: order(order_id) }, NOW).unwrap_or_default());
            }
        }
        let mut replayed = Product::default();
        for event in &journal {
            let text = serde_json::to_string(event).unwrap();
            replayed.evolve(&serde_json::from_str(&text).unwrap());
        }
        prop_assert_eq!(replayed, product);
    }
}
