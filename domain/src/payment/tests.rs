use proptest::prelude::*;
use uuid::Uuid;

use super::command::{PaymentCommand, PaymentRefusal, ProviderStanding, StepOutcome};
use super::event::{MismatchOutcome, PaymentEvent};
use super::process::{Step, next_step};
use super::state::{Intent, Opening, Payment, PaymentMethod, RefundOutcome};
use crate::aggregate::handle;
use crate::id::{OrderId, PaymentId, RefundId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

fn refund(number: u128, amount: i64) -> PaymentCommand {
    PaymentCommand::Refund { id: RefundId::from_uuid(Uuid::from_u128(number)), amount }
}

fn confirm() -> PaymentCommand {
    PaymentCommand::Confirm { method: PaymentMethod::SandboxCard { token: "tok_ok".into() } }
}

fn provider(standing: ProviderStanding) -> PaymentCommand {
    PaymentCommand::StepDone(StepOutcome::Provider { amount: usd(500), standing })
}

fn opening() -> Opening {
    let id = Uuid::from_u128(1);
    Opening { id: PaymentId::from_uuid(id), order_id: OrderId::from_uuid(id), amount: usd(500) }
}

fn opened() -> Payment {
    let mut payment = Payment::default();
    handle(&mut payment, &PaymentCommand::Open(opening()), NOW).unwrap();
    assert_eq!(next_step(&payment), Some(Step::CreateIntent));
    let intent = Intent { provider: "sandbox".into(), reference: "pi_1".into(), client: serde_json::Value::Null };
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::IntentCreated { intent, amount: usd(500) }), NOW)
        .unwrap();
    payment
}

#[test]
fn parallel_confirms_are_one_attempt() {
    let mut payment = opened();
    assert_eq!(handle(&mut payment, &confirm(), NOW).unwrap().len(), 1);
    assert_eq!(handle(&mut payment, &confirm(), NOW).unwrap(), vec![]);
    assert_eq!(next_step(&payment), Some(Step::Confirm));
    handle(&mut payment, &provider(ProviderStanding::Captured { amount: 500 }), NOW).unwrap();
    assert_eq!(handle(&mut payment, &confirm(), NOW).unwrap(), vec![], "captured is captured");
    assert_eq!((payment.captured, next_step(&payment)), (500, Some(Step::TellOrder)));
}

#[test]
fn a_declined_card_can_be_followed_by_another() {
    let mut payment = opened();
    handle(&mut payment, &confirm(), NOW).unwrap();
    let first = payment.provider_key(&Step::Confirm);
    handle(&mut payment, &provider(ProviderStanding::Declined { reason: "no".into() }), NOW).unwrap();
    assert_eq!((payment.status(), next_step(&payment)), ("declined", None));
    handle(&mut payment, &confirm(), NOW).unwrap();
    assert_ne!(payment.provider_key(&Step::Confirm), first, "another attempt is another request");
}

#[test]
fn what_was_voided_before_it_was_opened_stays_closed() {
    let mut payment = Payment::default();
    handle(&mut payment, &PaymentCommand::Void(opening()), NOW).unwrap();
    assert_eq!((payment.status(), next_step(&payment)), ("voided", None), "the provider never hears of it");
    handle(&mut payment, &PaymentCommand::Open(opening()), NOW).unwrap();
    assert_eq!(handle(&mut payment, &confirm(), NOW), Err(PaymentRefusal::Closed));
    assert_eq!((payment.status(), next_step(&payment)), ("voided", None));
}

#[test]
fn a_void_waits_for_the_attempt_that_runs() {
    let mut payment = opened();
    handle(&mut payment, &confirm(), NOW).unwrap();
    handle(&mut payment, &PaymentCommand::Void(opening()), NOW).unwrap();
    assert_eq!(next_step(&payment), Some(Step::Confirm));
    handle(&mut payment, &provider(ProviderStanding::Declined { reason: "no".into() }), NOW).unwrap();
    assert_eq!(next_step(&payment), Some(Step::Void));
    assert_eq!(handle(&mut payment, &confirm(), NOW), Err(PaymentRefusal::Closed));
    handle(&mut payment, &provider(ProviderStanding::Voided), NOW).unwrap();
    assert_eq!((payment.status(), next_step(&payment)), ("voided", None));
}

#[test]
fn nobody_gets_back_more_than_was_captured() {
    let mut payment = opened();
    assert_eq!(handle(&mut payment, &refund(1, 1), NOW), Err(PaymentRefusal::RefundTooLarge { refundable: 0 }));
    handle(&mut payment, &confirm(), NOW).unwrap();
    handle(&mut payment, &provider(ProviderStanding::Captured { amount: 500 }), NOW).unwrap();
    handle(&mut payment, &refund(2, 400), NOW).unwrap();
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::Refunded { amount: 400 }), NOW).unwrap();
    assert_eq!(handle(&mut payment, &refund(3, 101), NOW), Err(PaymentRefusal::RefundTooLarge { refundable: 100 }));
}

#[test]
fn one_refund_has_one_name_and_one_effect() {
    let mut payment = captured();
    assert_eq!(handle(&mut payment, &refund(1, 200), NOW).unwrap().len(), 1);
    assert_eq!(handle(&mut payment, &refund(1, 200), NOW).unwrap(), vec![], "asked twice");
    assert_eq!(handle(&mut payment, &refund(2, 100), NOW), Err(PaymentRefusal::RefundInProgress));
    let step = next_step(&payment).unwrap();
    assert_eq!(payment.provider_key(&step), "refund_00000000000000000000000001");
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::Refunded { amount: 200 }), NOW).unwrap();
    assert_eq!(handle(&mut payment, &refund(1, 200), NOW).unwrap(), vec![], "asked again after its end");
    assert_eq!((payment.refunded, payment.status(), next_step(&payment)), (200, "captured", None));

    handle(&mut payment, &refund(3, 300), NOW).unwrap();
    let refused = StepOutcome::RefundRefused { reason: "disputed".into() };
    handle(&mut payment, &PaymentCommand::StepDone(refused), NOW).unwrap();
    assert_eq!((payment.refunded, next_step(&payment)), (200, None));
    assert!(matches!(payment.refunds[1].outcome, RefundOutcome::Refused { .. }));
}

#[test]
fn another_sum_is_never_a_payment_and_goes_back() {
    let wrong = [(Money::new(500, Currency::EUR), 500), (usd(400), 400), (usd(600), 600), (usd(500), 499)];
    for (reported, captured) in wrong {
        let mut payment = opened();
        handle(&mut payment, &confirm(), NOW).unwrap();
        let standing = ProviderStanding::Captured { amount: captured };
        let word = PaymentCommand::StepDone(StepOutcome::Provider { amount: reported, standing });
        let events = handle(&mut payment, &word, NOW).unwrap();
        assert_eq!(events, vec![PaymentEvent::AmountMismatched { reported, captured }]);
        assert_eq!((payment.captured, payment.is_captured(), payment.status()), (0, false, "mismatched"));
        let money = Money::new(captured, reported.currency);
        assert_eq!(next_step(&payment), Some(Step::Return(money)));
        assert_eq!(handle(&mut payment, &word, NOW).unwrap(), vec![], "told twice");
        assert_eq!(handle(&mut payment, &confirm(), NOW), Err(PaymentRefusal::Closed));
        handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::Returned { money }), NOW).unwrap();
        assert_eq!((payment.is_closed(), next_step(&payment)), (true, None));
    }
}

#[test]
fn an_intent_over_another_sum_is_voided_before_anybody_pays_it() {
    let mut payment = opened();
    payment.intent = None;
    let intent = Intent { provider: "p".into(), reference: "pi_1".into(), client: serde_json::Value::Null };
    let created = StepOutcome::IntentCreated { intent, amount: usd(5) };
    handle(&mut payment, &PaymentCommand::StepDone(created), NOW).unwrap();
    assert_eq!((payment.status(), next_step(&payment)), ("mismatched", Some(Step::Void)));
    let voided = StepOutcome::Provider { amount: usd(5), standing: ProviderStanding::Voided };
    let events = handle(&mut payment, &PaymentCommand::StepDone(voided), NOW).unwrap();
    assert_eq!(events, vec![PaymentEvent::MismatchClosed { outcome: MismatchOutcome::Voided }]);
    assert_eq!((payment.is_closed(), next_step(&payment)), (true, None));
}

fn captured() -> Payment {
    let mut payment = opened();
    handle(&mut payment, &confirm(), NOW).unwrap();
    handle(&mut payment, &provider(ProviderStanding::Captured { amount: 500 }), NOW).unwrap();
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::OrderTold), NOW).unwrap();
    payment
}

proptest! {
    #[test]
    fn captured_once_whatever_arrives(steps in prop::collection::vec(0..9_u8, 1..60)) {
        let mut payment = opened();
        let mut captures = 0;
        for step in steps {
            let command = match step {
                0 => confirm(),
                1 => PaymentCommand::Refresh,
                2 => PaymentCommand::Void(opening()),
                3 => refund(4, 500),
                4 => provider(ProviderStanding::Captured { amount: 500 }),
                5 => provider(ProviderStanding::Declined { reason: "no".into() }),
                6 => provider(ProviderStanding::Voided),
                7 => provider(ProviderStanding::Processing { ask_at: NOW }),
                _ => PaymentCommand::StepDone(StepOutcome::Refunded { amount: 500 }),
            };
            let events = handle(&mut payment, &command, NOW).unwrap_or_default();
            captures += events.iter().filter(|event| matches!(event, PaymentEvent::Captured { .. })).count();
            prop_assert!(captures <= 1);
            prop_assert_eq!(payment.check(), Ok(()));
        }
    }
}
