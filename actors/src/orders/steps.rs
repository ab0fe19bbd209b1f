//! How each step of an order's process is carried out. Which step follows which is written in the
//! domain (`souk_domain::order::process`). Every one of them can be done twice without harm.

use std::time::Duration;

use futures::future::join_all;
use souk_domain::cart::command::{CartCommand, CartRequest, CheckoutOutcome, Requester};
use souk_domain::id::{ProductId, RefundId};
use souk_domain::money::Money;
use souk_domain::order::command::StepOutcome;
use souk_domain::order::process::Step;
use souk_domain::order::state::Placement;
use souk_domain::payment::command::{PaymentCommand, PaymentRefusal};
use souk_domain::payment::state::{Opening, Payment, RefundOutcome};
use souk_domain::planted::{self, Bug};
use souk_domain::product::state::HeldLine;
use souk_domain::time::Timestamp;
use souk_persistence::journal::EntityId;

use crate::catalogue::products::Sale;
use crate::discounts::service::{Claimed, Redemption};
use crate::marketplace::Marketplace;
use crate::runtime::entity::StepFailed;
use crate::runtime::error::{CallError, Unavailable};

/// How long a step waits for the payment's own process before it is tried again later.
const PAYMENT_PATIENCE: Duration = Duration::from_secs(10);
/// Shorter for a void: a provider that cannot say yet must not keep the order from giving up at its grace.
const VOID_PATIENCE: Duration = Duration::from_secs(1);

/// The outcomes of the step, and of the one after it where that was begun with it.
pub async fn perform(market: &Marketplace, placement: &Placement, step: Step) -> Result<Vec<StepOutcome>, StepFailed> {
    match step {
        Step::HoldStock => hold_stock_and_open_payment(market, placement).await,
        Step::SellStock => sell_stock_and_tell_cart(market, placement).await,
        step => Ok(vec![perform_one(market, placement, step).await?]),
    }
}

/// Each commit of the order costs its buyer a wait. What fails of the second step is tried again as a step of its own.
async fn hold_stock_and_open_payment(
    market: &Marketplace,
    placement: &Placement,
) -> Result<Vec<StepOutcome>, StepFailed> {
    let held = hold_stock(market, placement).await?;
    let to_be_paid = matches!(held, StepOutcome::StockHeld) && placement.totals.total > 0;
    let opened = if to_be_paid { open_payment(market, placement).await.ok() } else { None };
    Ok([held].into_iter().chain(opened).collect())
}

/// A paid order never turns back, so its cart is told while the stock is sold.
async fn sell_stock_and_tell_cart(market: &Marketplace, placement: &Placement) -> Result<Vec<StepOutcome>, StepFailed> {
    let told = tell_cart(market, placement, CheckoutOutcome::Completed);
    let (sold, told) = futures::join!(sell_stock(market, placement), told);
    Ok([sold?].into_iter().chain(told.ok()).collect())
}

async fn perform_one(market: &Marketplace, placement: &Placement, step: Step) -> Result<StepOutcome, StepFailed> {
    match step {
        Step::HoldStock => hold_stock(market, placement).await,
        Step::OpenPayment => open_payment(market, placement).await,
        Step::SellStock => sell_stock(market, placement).await,
        Step::VoidPayment => void_payment(market, placement).await,
        Step::ReleaseStock => release_stock(market, placement).await,
        Step::ReleaseStockAndPayment => release_stock_and_payment(market, placement).await,
        Step::TellCart(outcome) => tell_cart(market, placement, outcome).await,
        Step::Refund { id, amount } => refund(market, placement, id, amount).await,
    }
}

/// In every product and discount at once; all or nothing is the order's business, not theirs.
async fn hold_stock(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    let holds = products(placement)
        .into_iter()
        .map(|(product, lines)| market.products.hold(product, placement.id, lines, not_after(placement)));
    let claims = placement.claims.iter().map(|claim| market.discounts.claim(claim, placement.id, not_after(placement)));
    let (held, claimed) = futures::join!(join_all(holds), join_all(claims));
    let (mut shortages, mut used_up) = (Vec::new(), Vec::new());
    for held in held {
        if let Err(items) = held.map_err(failed)? {
            shortages.extend(items);
        }
    }
    for (claim, claimed) in placement.claims.iter().zip(claimed) {
        if claimed.map_err(failed)? == Claimed::UsedUp {
            used_up.push(claim.code.clone());
        }
    }
    Ok(match (shortages.is_empty(), used_up.is_empty()) {
        (false, _) => StepOutcome::OutOfStock(shortages),
        (true, false) => StepOutcome::DiscountUsedUp(used_up),
        (true, true) => StepOutcome::StockHeld,
    })
}

async fn open_payment(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    let payment = EntityId::new(placement.payment_id);
    taken(answered(
        market.payments.directory.call_new_internal(&payment, PaymentCommand::Open(terms(placement))).await,
    )?)?;
    watch_payment(market, placement, PAYMENT_PATIENCE, |payment| payment.intent.is_some()).await?;
    Ok(StepOutcome::PaymentOpened)
}

async fn sell_stock(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    let sales = products(placement).into_iter().map(|(product, _)| market.products.sell(product, placement.id));
    for sale in join_all(sales).await {
        // An order keeps its holds until it ends, so this is a fault that `souk check` has to name.
        if sale.map_err(failed)? == Sale::NoHold {
            return Err(StepFailed(format!("a product has no hold of paid order {}", placement.id)));
        }
    }
    let redemptions = placement.claims.iter().map(|claim| market.discounts.redeem(claim.discount_id, placement.id));
    for redemption in join_all(redemptions).await {
        if redemption.map_err(failed)? == Redemption::NoClaim {
            return Err(StepFailed(format!("a discount has no claim of paid order {}", placement.id)));
        }
    }
    Ok(StepOutcome::StockSold)
}

async fn void_payment(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    close_payment(market, placement).await?;
    let ended = |payment: &Payment| payment.is_captured() || payment.is_closed();
    let payment = watch_payment(market, placement, VOID_PATIENCE, ended).await?;
    Ok(if payment.is_captured() {
        StepOutcome::PaymentWasCaptured { amount: payment.captured }
    } else {
        StepOutcome::PaymentVoided
    })
}

async fn release_stock(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    if planted::is(Bug::ReleaseForgotten) {
        return Ok(StepOutcome::StockReleased);
    }
    let releases = products(placement)
        .into_iter()
        .map(|(product, _)| market.products.release(product, placement.id, not_after(placement)));
    for released in join_all(releases).await {
        released.map_err(failed)?;
    }
    let releases = placement
        .claims
        .iter()
        .map(|claim| market.discounts.release(claim.discount_id, placement.id, not_after(placement)));
    for released in join_all(releases).await {
        released.map_err(failed)?;
    }
    Ok(StepOutcome::StockReleased)
}

async fn release_stock_and_payment(market: &Marketplace, placement: &Placement) -> Result<StepOutcome, StepFailed> {
    let (released, closed) = futures::join!(release_stock(market, placement), close_payment(market, placement));
    closed.and(released)
}

async fn tell_cart(
    market: &Marketplace,
    placement: &Placement,
    outcome: CheckoutOutcome,
) -> Result<StepOutcome, StepFailed> {
    let command = CartCommand::EndCheckout { order_id: placement.id, outcome };
    let request = CartRequest { by: Requester::Shop, command };
    match market.carts.directory.call_internal(&EntityId::new(placement.cart_id), request).await {
        Ok(_) | Err(CallError::Refused(_)) => Ok(StepOutcome::CartTold),
        Err(CallError::Unavailable(cause)) => Err(failed(cause)),
    }
}

async fn refund(
    market: &Marketplace,
    placement: &Placement,
    id: RefundId,
    amount: i64,
) -> Result<StepOutcome, StepFailed> {
    match ask_payment(market, placement, PaymentCommand::Refund { id, amount }).await? {
        Ok(()) => {}
        // Nothing left to give back: it went back before refunds had names, and only the report was lost.
        Err(PaymentRefusal::RefundTooLarge { refundable: 0 }) => {
            return Ok(StepOutcome::Refunded { refund: id, amount });
        }
        Err(refusal @ (PaymentRefusal::RefundTooLarge { .. } | PaymentRefusal::TooManyRefunds)) => {
            return Ok(StepOutcome::RefundFailed { refund: id, reason: format!("{refusal:?}") });
        }
        Err(refusal) => return Err(StepFailed(format!("{refusal:?}"))),
    }
    let ended = move |payment: &Payment| payment.refund(id).is_none_or(|it| it.outcome != RefundOutcome::Running);
    let payment = watch_payment(market, placement, PAYMENT_PATIENCE, ended).await?;
    match payment.refund(id).map(|refund| &refund.outcome) {
        Some(RefundOutcome::Done) => Ok(StepOutcome::Refunded { refund: id, amount }),
        Some(RefundOutcome::Refused { reason }) => Ok(StepOutcome::RefundFailed { refund: id, reason: reason.clone() }),
        Some(RefundOutcome::Running) | None => Err(StepFailed("the refund is not through".into())),
    }
}

fn terms(placement: &Placement) -> Opening {
    let amount = Money::new(placement.totals.total, placement.currency);
    Opening { id: placement.payment_id, order_id: placement.id, amount }
}

/// Asks for the payment to be voided; its own process does it from there.
async fn close_payment(market: &Marketplace, placement: &Placement) -> Result<(), StepFailed> {
    taken(ask_payment(market, placement, PaymentCommand::Void(terms(placement))).await?)
}

fn taken(answer: Result<(), PaymentRefusal>) -> Result<(), StepFailed> {
    answer.map_err(|refusal| StepFailed(format!("{refusal:?}")))
}

async fn ask_payment(
    market: &Marketplace,
    placement: &Placement,
    command: PaymentCommand,
) -> Result<Result<(), PaymentRefusal>, StepFailed> {
    answered(market.payments.directory.call_internal(&EntityId::new(placement.payment_id), command).await)
}

fn answered(answer: Result<Payment, CallError<PaymentRefusal>>) -> Result<Result<(), PaymentRefusal>, StepFailed> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(CallError::Refused(refusal)) => Ok(Err(refusal)),
        Err(CallError::Unavailable(cause)) => Err(failed(cause)),
    }
}

async fn watch_payment(
    market: &Marketplace,
    placement: &Placement,
    patience: Duration,
    until: impl Fn(&Payment) -> bool + Send + 'static,
) -> Result<Payment, StepFailed> {
    let id = EntityId::new(placement.payment_id);
    let seen = move |payment: &Payment| until(payment).then(|| payment.clone());
    market.payments.directory.watch(&id, patience, seen).await.map_err(failed)
}

/// The lines of each product, each product once, in the order of their ids.
fn products(placement: &Placement) -> Vec<(ProductId, Vec<HeldLine>)> {
    let mut products: Vec<(ProductId, Vec<HeldLine>)> = Vec::new();
    for line in &placement.lines {
        let held = HeldLine { variant: line.variant_id, quantity: line.quantity };
        match products.iter_mut().find(|(product, _)| *product == line.product_id) {
            Some((_, lines)) => lines.push(held),
            None => products.push((line.product_id, vec![held])),
        }
    }
    products.sort_by_key(|(product, _)| *product);
    products
}

/// A hold that arrives after its order has ended must find the door closed.
fn not_after(placement: &Placement) -> Timestamp {
    placement.hold_expires_at.plus(placement.payment_grace)
}

fn failed(cause: Unavailable) -> StepFailed {
    StepFailed(cause.to_string())
}
