use std::time::Duration;

use proptest::prelude::*;
use uuid::Uuid;

use super::command::{OrderCommand, OrderRefusal, StepOutcome};
use super::event::OrderEvent;
use super::process::{Step, next_step};
use super::refund::{AskRefund, RefundOutcome};
use super::state::{Order, OrderLine, OrderStatus, Placement, Stage};
use crate::address::{Address, Recipient};
use crate::aggregate::{Aggregate, handle};
use crate::cart::command::CheckoutOutcome;
use crate::id::{CartId, OrderId, PaymentId, ProductId, RefundId, VariantId};
use crate::money::Currency;
use crate::pricing::totals::Totals;
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);
const HOLD: Duration = Duration::from_secs(900);
const GRACE: Duration = Duration::from_secs(60);

fn placement(total: i64) -> Box<Placement> {
    let id = Uuid::from_u128(1);
    let recipient = Recipient {
        name: "Ada".into(),
        line1: "1 Main St".into(),
        line2: None,
        city: "Town".into(),
        postal_code: "1".into(),
        phone: None,
    };
    Box::new(Placement {
        id: OrderId::from_uuid(id),
        number: 1001,
        cart_id: CartId::from_uuid(id),
        owner: None,
        payment_id: PaymentId::from_uuid(id),
        access_key: "key".into(),
        email: "ada@example.com".to_owned().into(),
        shipping_address: Address { recipient: recipient.into(), country: "DE".into(), region: None },
        shipping_option_id: "standard".into(),
        lines: vec![OrderLine {
            variant_id: VariantId::from_uuid(id),
            product_id: ProductId::from_uuid(id),
            title: "Pot".into(),
            quantity: 1,
            unit_price: total,
            total,
            discount: 0,
            tax: 0,
        }],
        currency: Currency::USD,
        totals: Totals { subtotal: total, total, ..Totals::default() },
        discounts: vec![],
        shipping_tax: Some(0),
        claims: vec![],
        placed_at: NOW,
        hold_expires_at: NOW.plus(HOLD),
        payment_grace: GRACE,
    })
}

fn done(order: &mut Order, outcome: StepOutcome) {
    handle(order, &OrderCommand::StepDone(outcome), NOW).unwrap();
}

fn awaiting_payment() -> Order {
    let mut order = Order::default();
    handle(&mut order, &OrderCommand::Place(placement(500)), NOW).unwrap();
    assert_eq!(next_step(&order), Some(Step::HoldStock));
    done(&mut order, StepOutcome::StockHeld);
    assert_eq!(next_step(&order), Some(Step::OpenPayment));
    done(&mut order, StepOutcome::PaymentOpened);
    order
}

#[test]
fn money_for_an_order_whose_stock_is_not_held_yet_is_told_again() {
    let mut order = Order::default();
    handle(&mut order, &OrderCommand::Place(placement(500)), NOW).unwrap();
    let paid = OrderCommand::PaymentCaptured { amount: 500 };
    assert_eq!(handle(&mut order, &paid, NOW), Err(OrderRefusal::StockNotHeld));
    done(&mut order, StepOutcome::StockHeld);
    handle(&mut order, &paid, NOW).unwrap();
    assert_eq!((order.stage, order.captured), (Stage::Paid, 500));
}

#[test]
fn money_confirms_and_late_cancels_are_refused() {
    let mut order = awaiting_payment();
    handle(&mut order, &OrderCommand::PaymentCaptured { amount: 500 }, NOW).unwrap();
    assert_eq!(handle(&mut order, &OrderCommand::PaymentCaptured { amount: 500 }, NOW).unwrap(), vec![], "told twice");
    assert_eq!(handle(&mut order, &OrderCommand::Cancel, NOW), Err(OrderRefusal::NotCancellable));
    done(&mut order, StepOutcome::StockSold);
    done(&mut order, StepOutcome::CartTold);
    assert_eq!((order.status(), next_step(&order), order.due_at()), (OrderStatus::Confirmed, None, None));
}

#[test]
fn a_free_order_needs_no_payment() {
    let mut order = Order::default();
    handle(&mut order, &OrderCommand::Place(placement(0)), NOW).unwrap();
    done(&mut order, StepOutcome::StockHeld);
    assert_eq!(next_step(&order), Some(Step::SellStock));
}

#[test]
fn expiry_voids_before_it_releases_and_captured_money_wins() {
    let late = NOW.plus(HOLD);
    let mut order = awaiting_payment();
    assert_eq!(handle(&mut order, &OrderCommand::Wake, NOW).unwrap(), vec![], "too early");
    assert_eq!(order.due_at(), Some(late));
    handle(&mut order, &OrderCommand::Wake, late).unwrap();
    assert_eq!(next_step(&order), Some(Step::VoidPayment));
    let mut paid = order.clone();
    done(&mut paid, StepOutcome::PaymentWasCaptured { amount: 500 });
    assert_eq!((next_step(&paid), paid.status()), (Some(Step::SellStock), OrderStatus::AwaitingPayment));

    done(&mut order, StepOutcome::PaymentVoided);
    assert_eq!(next_step(&order), Some(Step::ReleaseStockAndPayment));
    done(&mut order, StepOutcome::StockReleased);
    done(&mut order, StepOutcome::CartTold);
    assert_eq!((order.status(), order.is_settled()), (OrderStatus::Expired, true));
}

#[test]
fn money_after_the_end_goes_back() {
    let mut order = awaiting_payment();
    let over = NOW.plus(HOLD).plus(GRACE);
    handle(&mut order, &OrderCommand::Wake, NOW.plus(HOLD)).unwrap();
    assert_eq!(handle(&mut order, &OrderCommand::Wake, over).unwrap(), vec![OrderEvent::VoidGivenUp]);
    assert_eq!(next_step(&order), Some(Step::ReleaseStockAndPayment), "nobody may have asked for the void yet");
    done(&mut order, StepOutcome::StockReleased);
    done(&mut order, StepOutcome::CartTold);
    handle(&mut order, &OrderCommand::PaymentCaptured { amount: 500 }, over).unwrap();
    let Some(Step::Refund { id, amount: 500 }) = next_step(&order) else { panic!("{order:?}") };
    done(&mut order, StepOutcome::Refunded { refund: id, amount: 500 });
    assert_eq!((next_step(&order), order.check()), (None, Ok(())));
}

#[test]
fn a_used_up_discount_ends_the_order_and_opens_the_cart() {
    let mut order = Order::default();
    handle(&mut order, &OrderCommand::Place(placement(500)), NOW).unwrap();
    done(&mut order, StepOutcome::DiscountUsedUp(vec!["TEN".into()]));
    assert_eq!((next_step(&order), order.is_placed()), (Some(Step::ReleaseStockAndPayment), false));
    done(&mut order, StepOutcome::StockReleased);
    assert_eq!(next_step(&order), Some(Step::TellCart(CheckoutOutcome::Reopened)));
    done(&mut order, StepOutcome::CartTold);
    assert_eq!((order.status(), order.is_settled()), (OrderStatus::DiscountUsedUp, true));
}

#[test]
fn parts_that_do_not_add_up_are_found() {
    let faults: [fn(&mut Placement); 4] = [
        |placement| placement.lines[0].discount = 1,
        |placement| placement.totals.discount = 1,
        |placement| placement.shipping_tax = Some(1),
        |placement| placement.lines[0].tax = 1,
    ];
    for fault in faults {
        let mut placement = placement(500);
        fault(&mut placement);
        let mut order = Order::default();
        handle(&mut order, &OrderCommand::Place(placement), NOW).unwrap();
        assert!(order.check().is_err());
    }
}

fn ask(number: u128, amount: Option<i64>) -> AskRefund {
    AskRefund {
        id: RefundId::from_uuid(Uuid::from_u128(number)),
        key: format!("key {number}"),
        fingerprint: format!("{amount:?}"),
        amount,
        reason: "broken".into(),
        requested_by: "staff:ada".into(),
    }
}

fn confirmed() -> Order {
    let mut order = awaiting_payment();
    handle(&mut order, &OrderCommand::PaymentCaptured { amount: 500 }, NOW).unwrap();
    done(&mut order, StepOutcome::StockSold);
    done(&mut order, StepOutcome::CartTold);
    order
}

#[test]
fn a_part_and_then_the_rest_go_back() {
    let mut order = confirmed();
    handle(&mut order, &OrderCommand::Refund(ask(1, Some(200))), NOW).unwrap();
    let id = ask(1, None).id;
    assert_eq!(next_step(&order), Some(Step::Refund { id, amount: 200 }));
    handle(&mut order, &OrderCommand::Refund(ask(2, None)), NOW).unwrap();
    assert_eq!(order.refundable(), 0, "the rest is promised while the first one runs");
    done(&mut order, StepOutcome::Refunded { refund: id, amount: 200 });
    assert_eq!((order.status(), order.refunded), (OrderStatus::Confirmed, 200));
    done(&mut order, StepOutcome::Refunded { refund: id, amount: 200 });
    assert_eq!(order.refunded, 200, "told twice");
    let Some(Step::Refund { id, amount: 300 }) = next_step(&order) else { panic!("{order:?}") };
    done(&mut order, StepOutcome::Refunded { refund: id, amount: 300 });
    assert_eq!((order.status(), next_step(&order), order.check()), (OrderStatus::Refunded, None, Ok(())));
}

#[test]
fn a_key_of_a_refund_has_one_answer() {
    let mut order = confirmed();
    let refuse = OrderCommand::Refund(ask(1, Some(501)));
    handle(&mut order, &refuse, NOW).unwrap();
    assert_eq!(order.refunds[0].outcome, RefundOutcome::TooLarge { refundable: 500 });
    handle(&mut order, &OrderCommand::Refund(ask(2, Some(100))), NOW).unwrap();
    assert_eq!(handle(&mut order, &refuse, NOW).unwrap(), vec![], "the same refusal again");
    assert_eq!(handle(&mut order, &OrderCommand::Refund(ask(2, Some(100))), NOW).unwrap(), vec![]);
    assert_eq!(handle(&mut order, &OrderCommand::Refund(ask(2, Some(101))), NOW), Err(OrderRefusal::KeyReused));
    let failed = StepOutcome::RefundFailed { refund: ask(2, None).id, reason: "disputed".into() };
    done(&mut order, failed);
    assert_eq!((order.refundable(), next_step(&order)), (500, None), "what failed is free again");
}

fn command() -> impl Strategy<Value = OrderCommand> {
    prop_oneof![
        Just(OrderCommand::Cancel),
        Just(OrderCommand::Wake),
        Just(OrderCommand::PaymentCaptured { amount: 500 }),
        Just(OrderCommand::StepDone(StepOutcome::StockHeld)),
        Just(OrderCommand::StepDone(StepOutcome::OutOfStock(vec![]))),
        Just(OrderCommand::StepDone(StepOutcome::DiscountUsedUp(vec![]))),
        Just(OrderCommand::StepDone(StepOutcome::PaymentOpened)),
        Just(OrderCommand::StepDone(StepOutcome::StockSold)),
        Just(OrderCommand::StepDone(StepOutcome::PaymentVoided)),
        Just(OrderCommand::StepDone(StepOutcome::PaymentWasCaptured { amount: 500 })),
        Just(OrderCommand::StepDone(StepOutcome::StockReleased)),
        Just(OrderCommand::StepDone(StepOutcome::CartTold)),
        (0..4_u128, 0..300_i64).prop_map(|(number, amount)| OrderCommand::Refund(ask(number, Some(amount)))),
        (0..4_u128).prop_map(|number| OrderCommand::Refund(ask(number, None))),
    ]
}

proptest! {
    /// Messages in any order, doubled and late, never break the books or take an order out of its end.
    #[test]
    fn any_order_of_messages_keeps_the_books(commands in prop::collection::vec((command(), 0..1_100_u64), 1..60)) {
        let mut order = Order::default();
        handle(&mut order, &OrderCommand::Place(placement(500)), NOW).unwrap();
        let (mut sold, mut released) = (false, false);
        for (command, seconds) in commands {
            let events = handle(&mut order, &command, NOW.plus(Duration::from_secs(seconds))).unwrap_or_default();
            sold |= events.iter().any(|event| matches!(event, OrderEvent::StockSold { .. }));
            released |= events.contains(&OrderEvent::StockReleased);
            prop_assert!(!(sold && released), "stock is sold or given back, never both");
            prop_assert_eq!(order.check(), Ok(()));
            prop_assert!(order.refunded <= order.captured && order.refundable() >= 0);
            if let (Some(Step::Refund { id, amount }), 0) = (next_step(&order), seconds % 2) {
                done(&mut order, StepOutcome::Refunded { refund: id, amount });
            }
            prop_assert!(order.stage == Stage::AwaitingPayment || order.is_settled() || next_step(&order).is_some(),
                "an unfinished order always has a next step");
        }
    }
}
