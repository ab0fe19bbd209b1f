//! How each step of a payment is carried out at the provider. Every request carries a key made of the
//! payment's own id, so a step that is done again after a crash or an unknown outcome has one effect.

use std::time::Duration;

use souk_domain::money::Money;
use souk_domain::order::command::OrderCommand;
use souk_domain::payment::command::{ProviderStanding, StepOutcome};
use souk_domain::payment::process::Step;
use souk_domain::payment::state::{Intent, Opening, Payment, PaymentMethod};
use souk_domain::planted::{self, Bug};
use souk_integrations::payments::port::{
    CreateIntent, Intent as ProviderIntent, IntentRef, IntentStatus, Method, ProviderError,
};
use souk_persistence::journal::EntityId;

use crate::marketplace::Marketplace;
use crate::runtime::entity::StepFailed;
use crate::runtime::error::CallError;

/// When a provider that gives no time is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(5);

pub async fn perform(market: &Marketplace, payment: &Payment, step: Step) -> Result<StepOutcome, StepFailed> {
    let opening = payment.opening.as_ref().ok_or_else(|| StepFailed("not opened".into()))?;
    let key = payment.provider_key(&step);
    match step {
        Step::CreateIntent => create_intent(market, opening, key).await,
        Step::Confirm => confirm(market, payment, &key).await,
        Step::Refresh => refresh(market, payment).await,
        Step::Void => void(market, payment, &key).await,
        Step::TellOrder => tell_order(market, opening, payment.captured).await,
        Step::Refund { id: _, amount } => {
            refund(market, payment, Money::new(amount, opening.amount.currency), &key).await
        }
        Step::Return(money) => give_back(market, payment, money, &key).await,
    }
}

async fn create_intent(market: &Marketplace, opening: &Opening, key: String) -> Result<StepOutcome, StepFailed> {
    let request = CreateIntent { key, amount: opening.amount, merchant_reference: opening.id.to_string() };
    let intent = market.provider.create_intent(request).await.map_err(failed)?;
    let ProviderIntent { reference, amount, client, .. } = intent;
    let provider = market.provider.name().to_owned();
    Ok(StepOutcome::IntentCreated { intent: Intent { provider, reference: reference.0, client }, amount })
}

async fn confirm(market: &Marketplace, payment: &Payment, key: &str) -> Result<StepOutcome, StepFailed> {
    let attempt = payment.attempt.as_ref().ok_or_else(|| StepFailed("nothing to confirm".into()))?;
    let reference = reference(payment)?;
    match market.provider.confirm(&reference, key, &method(&attempt.method)).await {
        Ok(intent) => Ok(said(&intent, attempted(market, &intent))),
        // The provider will not take this card, now or later: for the buyer that is a declined card.
        Err(ProviderError::Refused { reason, .. }) => {
            let opening = payment.opening.as_ref().ok_or_else(|| StepFailed("not opened".into()))?;
            Ok(StepOutcome::Provider { amount: opening.amount, standing: ProviderStanding::Declined { reason } })
        }
        Err(ProviderError::Unknown(reason)) => resolve(market, &reference, reason).await,
        Err(error @ ProviderError::NotDone(_)) => Err(failed(error)),
    }
}

/// Nobody knows what became of an attempt. Money that moves is its doing, because an attempt is only made where
/// none did; anything else may be an older attempt's, and the same key is sent again.
async fn resolve(market: &Marketplace, reference: &IntentRef, reason: String) -> Result<StepOutcome, StepFailed> {
    let intent = market.provider.retrieve(reference).await.map_err(failed)?;
    match &intent.status {
        IntentStatus::Captured | IntentStatus::Processing { .. } | IntentStatus::Cancelled => {
            Ok(said(&intent, standing(market, &intent)))
        }
        IntentStatus::RequiresMethod | IntentStatus::Declined { .. } | IntentStatus::RequiresAction => {
            Err(failed(ProviderError::Unknown(reason)))
        }
    }
}

async fn refresh(market: &Marketplace, payment: &Payment) -> Result<StepOutcome, StepFailed> {
    let intent = market.provider.retrieve(&reference(payment)?).await.map_err(failed)?;
    Ok(said(&intent, standing(market, &intent)))
}

async fn void(market: &Marketplace, payment: &Payment, key: &str) -> Result<StepOutcome, StepFailed> {
    let cancelled = market.provider.cancel(&reference(payment)?, key).await;
    if planted::is(Bug::UnknownVoidIsDone) && matches!(cancelled, Err(ProviderError::Unknown(_))) {
        let amount =
            payment.opening.as_ref().map(|opening| opening.amount).ok_or_else(|| StepFailed("not opened".into()))?;
        return Ok(StepOutcome::Provider { amount, standing: ProviderStanding::Voided });
    }
    let intent = cancelled.map_err(failed)?;
    match standing(market, &intent) {
        ended @ (ProviderStanding::Captured { .. } | ProviderStanding::Voided) => Ok(said(&intent, ended)),
        other => Err(StepFailed(format!("the provider neither voided nor captured: {other:?}"))),
    }
}

async fn tell_order(market: &Marketplace, opening: &Opening, amount: i64) -> Result<StepOutcome, StepFailed> {
    let command = OrderCommand::PaymentCaptured { amount };
    match market.orders.directory.call_internal(&EntityId::new(opening.order_id), command).await {
        Ok(_) => Ok(StepOutcome::OrderTold),
        Err(CallError::Refused(refusal)) => Err(StepFailed(format!("the order does not take its money: {refusal:?}"))),
        Err(CallError::Unavailable(cause)) => Err(StepFailed(cause.to_string())),
    }
}

async fn refund(market: &Marketplace, payment: &Payment, amount: Money, key: &str) -> Result<StepOutcome, StepFailed> {
    let unstable = planted::is(Bug::RefundKeyUnstable).then(|| format!("{key}:{}", market.orders.chance.random()));
    match market.provider.refund(&reference(payment)?, unstable.as_deref().unwrap_or(key), amount).await {
        Ok(_) => Ok(StepOutcome::Refunded { amount: amount.amount }),
        Err(ProviderError::Refused { reason, .. }) => Ok(StepOutcome::RefundRefused { reason }),
        Err(error) => Err(failed(error)),
    }
}

/// Money that was taken wrongly never was the shop's.
async fn give_back(
    market: &Marketplace,
    payment: &Payment,
    money: Money,
    key: &str,
) -> Result<StepOutcome, StepFailed> {
    match market.provider.refund(&reference(payment)?, key, money).await {
        Ok(_) => Ok(StepOutcome::Returned { money }),
        Err(ProviderError::Refused { reason, .. }) => Ok(StepOutcome::ReturnRefused { reason }),
        Err(error) => Err(failed(error)),
    }
}

/// The provider's answer, with the sum that it speaks of.
fn said(intent: &ProviderIntent, standing: ProviderStanding) -> StepOutcome {
    StepOutcome::Provider { amount: intent.amount, standing }
}

/// How it stands right after an attempt: one that left nothing behind did not work.
fn attempted(market: &Marketplace, intent: &ProviderIntent) -> ProviderStanding {
    let reason = "not confirmed by the provider".into();
    if_open(standing(market, intent), ProviderStanding::Declined { reason })
}

fn if_open(standing: ProviderStanding, instead: ProviderStanding) -> ProviderStanding {
    if standing == ProviderStanding::RequiresMethod { instead } else { standing }
}

fn method(method: &PaymentMethod) -> Method {
    match method.clone() {
        PaymentMethod::SandboxCard { token } => Method::SandboxCard { token },
        PaymentMethod::Stripe { payment_method } => Method::Stripe { payment_method },
    }
}

/// The provider's words in ours.
fn standing(market: &Marketplace, intent: &ProviderIntent) -> ProviderStanding {
    match &intent.status {
        IntentStatus::RequiresMethod => ProviderStanding::RequiresMethod,
        IntentStatus::Declined { reason } => ProviderStanding::Declined { reason: reason.clone() },
        IntentStatus::RequiresAction => {
            ProviderStanding::RequiresAction { action_url: intent.action_url.clone().unwrap_or_default() }
        }
        IntentStatus::Processing { ready_at } => {
            ProviderStanding::Processing { ask_at: ready_at.unwrap_or_else(|| market.clock.now().plus(ASK_AGAIN)) }
        }
        IntentStatus::Captured => ProviderStanding::Captured { amount: intent.captured },
        IntentStatus::Cancelled => ProviderStanding::Voided,
    }
}

fn reference(payment: &Payment) -> Result<IntentRef, StepFailed> {
    let intent = payment.intent.as_ref().ok_or_else(|| StepFailed("no intent yet".into()))?;
    Ok(IntentRef(intent.reference.clone()))
}

fn failed(error: ProviderError) -> StepFailed {
    StepFailed(error.to_string())
}
