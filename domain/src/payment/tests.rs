use proptest::prelude::*;
use uuid::Uuid;

use super::command::{PaymentCommand, PaymentRefusal, ProviderStanding, StepOutcome};
use super::event::PaymentEvent;
use super::process::{Step, next_step};
use super::state::{Intent, Opening, Payment, PaymentMethod};
use crate::aggregate::handle;
use crate::id::{OrderId, PaymentId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn confirm() -> PaymentCommand {
    PaymentCommand::Confirm { method: PaymentMethod::SandboxCard { token: "tok_ok".into() } }
}

fn provider(standing: ProviderStanding) -> PaymentCommand {
    PaymentCommand::StepDone(StepOutcome::Provider(standing))
}

fn opened() -> Payment {
    let mut payment = Payment::default();
    let id = Uuid::from_u128(1);
    let opening = Opening {
        id: PaymentId::from_uuid(id),
        order_id: OrderId::from_uuid(id),
        amount: Money::new(500, Currency::USD),
    };
    handle(&mut payment, &PaymentCommand::Open(opening), NOW).unwrap();
    assert_eq!(next_step(&payment), Some(Step::CreateIntent));
    let intent = Intent { provider: "sandbox".into(), reference: "pi_1".into(), client: serde_json::Value::Null };
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::IntentCreated(intent)), NOW).unwrap();
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
fn a_void_waits_for_the_attempt_that_runs() {
    let mut payment = opened();
    handle(&mut payment, &confirm(), NOW).unwrap();
    handle(&mut payment, &PaymentCommand::Void, NOW).unwrap();
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
    assert_eq!(
        handle(&mut payment, &PaymentCommand::Refund { amount: 1 }, NOW),
        Err(PaymentRefusal::RefundTooLarge { refundable: 0 })
    );
    handle(&mut payment, &confirm(), NOW).unwrap();
    handle(&mut payment, &provider(ProviderStanding::Captured { amount: 500 }), NOW).unwrap();
    handle(&mut payment, &PaymentCommand::Refund { amount: 400 }, NOW).unwrap();
    handle(&mut payment, &PaymentCommand::StepDone(StepOutcome::Refunded { amount: 400 }), NOW).unwrap();
    assert_eq!(
        handle(&mut payment, &PaymentCommand::Refund { amount: 101 }, NOW),
        Err(PaymentRefusal::RefundTooLarge { refundable: 100 })
    );
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
                2 => PaymentCommand::Void,
                3 => PaymentCommand::Refund { amount: 500 },
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
