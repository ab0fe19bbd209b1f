//! The life of one order, from the empty cart to the end: the same commands as over HTTP, decided by the same rules.

use anyhow::{Context, anyhow, ensure};
use souk_domain::address::{Address, Recipient};
use souk_domain::aggregate::{Aggregate, handle};
use souk_domain::cart::command::{
    CartCommand, CartRequest, CartUpdate, CheckoutOutcome, Offer, Requester, StartCheckout,
};
use souk_domain::cart::state::Cart;
use souk_domain::id::{CartId, OrderId, PaymentId};
use souk_domain::money::Money;
use souk_domain::order::command::{OrderCommand, StepOutcome as OrderOutcome};
use souk_domain::order::state::{Order, OrderLine, OrderStatus, Placement};
use souk_domain::payment::command::{PaymentCommand, ProviderStanding, StepOutcome as PaymentOutcome};
use souk_domain::payment::process::Step;
use souk_domain::payment::state::{Intent, Opening, Payment, PaymentMethod};
use souk_domain::pricing::rules::PriceRules;
use souk_domain::time::Timestamp;
use souk_integrations::payments::port::{CreateIntent, Method, PaymentProvider};
use souk_persistence::journal::{Commit, EntityId};
use souk_persistence::rows::{OrderRow, PaymentRow, Row};
use std::time::Duration;
use uuid::Uuid;

use super::record;

const HOLD: Duration = Duration::from_secs(900);
const GRACE: Duration = Duration::from_secs(300);
const TOKEN: &str = "tok_ok";

/// An order that will have been finished.
pub struct Plan {
    pub id: OrderId,
    pub number: u64,
    pub offers: [Offer; 2],
    pub now: Timestamp,
}

/// What comes of it in the stores.
pub struct Story {
    pub cart: Commit,
    pub order: Commit,
    pub payment: Commit,
}

/// An aggregate and what has happened to it.
struct Told<A: Aggregate> {
    state: A,
    events: Vec<A::Event>,
    now: Timestamp,
}

impl<A: Aggregate> Told<A> {
    fn new(now: Timestamp) -> Self {
        Self { state: A::default(), events: Vec::new(), now }
    }

    fn take(&mut self, command: &A::Command) -> anyhow::Result<()> {
        let events = handle(&mut self.state, command, self.now).map_err(|refusal| anyhow!("refused: {refusal:?}"))?;
        ensure!(!events.is_empty(), "{command:?} changed nothing");
        self.events.extend(events);
        Ok(())
    }

    fn commit(&self, id: impl std::fmt::Display, rows: Vec<Row>) -> anyhow::Result<Commit> {
        Ok(record::commit(EntityId::new(id), 0, (&self.state, &self.events), self.now, rows)?)
    }
}

/// Lives it through; the provider is really asked.
///
/// # Errors
/// When a rule or the provider refuses.
pub async fn live(plan: Plan, rules: &PriceRules, provider: &dyn PaymentProvider) -> anyhow::Result<Story> {
    let cart_id = CartId::from_uuid(Uuid::new_v4());
    let mut cart = Told::<Cart>::new(plan.now);
    fill_and_start(&mut cart, cart_id, &plan, rules)?;
    let placement = placement(&cart.state, &plan, rules)?;
    let amount = Money::new(placement.totals.total, placement.currency);
    let opening = Opening { id: placement.payment_id, order_id: plan.id, amount };

    let mut order = Told::<Order>::new(plan.now);
    order.take(&OrderCommand::Place(Box::new(placement)))?;
    order.take(&OrderCommand::StepDone(OrderOutcome::StockHeld))?;
    order.take(&OrderCommand::StepDone(OrderOutcome::PaymentOpened))?;
    let payment = pay(opening.clone(), plan.now, provider).await?;
    order.take(&OrderCommand::PaymentCaptured { amount: payment.state.captured })?;
    order.take(&OrderCommand::StepDone(OrderOutcome::StockSold))?;
    let end = CartCommand::EndCheckout { order_id: plan.id, outcome: CheckoutOutcome::Completed };
    cart.take(&CartRequest { by: Requester::Shop, command: end })?;
    order.take(&OrderCommand::StepDone(OrderOutcome::CartTold))?;
    ensure!(order.state.status() == OrderStatus::Confirmed && order.state.is_settled(), "{:?}", order.state);
    Ok(Story {
        cart: cart.commit(cart_id, vec![])?,
        order: order.commit(plan.id, vec![order_row(&order)?])?,
        payment: payment.commit(opening.id, vec![payment_row(&payment, &opening)])?,
    })
}

fn fill_and_start(cart: &mut Told<Cart>, id: CartId, plan: &Plan, rules: &PriceRules) -> anyhow::Result<()> {
    let by = |command: CartCommand| CartRequest { by: Requester::Person(None), command };
    cart.take(&by(CartCommand::Create { id, owner: None, currency: rules.currency }))?;
    for offer in &plan.offers {
        cart.take(&by(CartCommand::AddLine { offer: offer.clone(), quantity: 1 }))?;
    }
    let address = address();
    let options: Vec<String> = rules.shipping_options(&address).iter().map(|option| option.id.clone()).collect();
    let email = Some("ada@example.com".to_owned());
    let contact = CartUpdate { email, shipping_address: Some(address), ..CartUpdate::default() };
    cart.take(&by(CartCommand::Update(Box::new(contact))))?;
    let shipping_option_id = Some(options.first().context("there is no way to ship")?.clone());
    let shipping = CartUpdate { shipping_option_id, shipping_option_ids: options, ..CartUpdate::default() };
    cart.take(&by(CartCommand::Update(Box::new(shipping))))?;
    let start = StartCheckout {
        order_id: plan.id,
        key: format!("fill-{}", plan.number),
        fingerprint: id.to_string(),
        offers: plan.offers.to_vec(),
        total: cart.state.totals(rules).total,
        expected_total: None,
    };
    cart.take(&by(CartCommand::StartCheckout(Box::new(start))))?;
    cart.take(&CartRequest { by: Requester::Shop, command: CartCommand::OrderPlaced { order_id: plan.id } })
}

/// The address that the load's buyers have too.
fn address() -> Address {
    let recipient = Recipient {
        name: "Ada Example".to_owned(),
        line1: "1 Main Street".to_owned(),
        line2: None,
        city: "Berlin".to_owned(),
        postal_code: "10115".to_owned(),
        phone: None,
    };
    Address { recipient: recipient.into(), country: "DE".to_owned(), region: None }
}

fn placement(cart: &Cart, plan: &Plan, rules: &PriceRules) -> anyhow::Result<Placement> {
    let lines = cart.lines.iter().map(|line| OrderLine {
        variant_id: line.variant_id,
        product_id: line.product_id,
        title: line.title.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: line.unit_price * i64::from(line.quantity),
    });
    Ok(Placement {
        id: plan.id,
        number: plan.number,
        cart_id: cart.id.context("a cart has an id")?,
        owner: None,
        payment_id: PaymentId::from_uuid(Uuid::now_v7()),
        access_key: Uuid::new_v4().simple().to_string(),
        email: cart.email.clone().context("a cart has an email")?,
        shipping_address: cart.shipping_address.clone().context("a cart has an address")?,
        shipping_option_id: cart.shipping_option_id.clone().context("a cart has a way to ship")?,
        lines: lines.collect(),
        currency: rules.currency,
        totals: cart.totals(rules),
        placed_at: plan.now,
        hold_expires_at: plan.now.plus(HOLD),
        payment_grace: GRACE,
    })
}

async fn pay(opening: Opening, now: Timestamp, provider: &dyn PaymentProvider) -> anyhow::Result<Told<Payment>> {
    let (amount, merchant_reference) = (opening.amount, opening.id.to_string());
    let mut payment = Told::<Payment>::new(now);
    payment.take(&PaymentCommand::Open(opening))?;
    let key = payment.state.provider_key(&Step::CreateIntent);
    let theirs = provider.create_intent(CreateIntent { key, amount, merchant_reference }).await?;
    let reference = theirs.reference;
    let (provider_name, client) = (provider.name().to_owned(), theirs.client);
    let intent = Intent { provider: provider_name, reference: reference.0.clone(), client };
    payment.take(&PaymentCommand::StepDone(PaymentOutcome::IntentCreated(intent)))?;
    let method = PaymentMethod::SandboxCard { token: TOKEN.to_owned() };
    payment.take(&PaymentCommand::Confirm { method })?;
    let key = payment.state.provider_key(&Step::Confirm);
    let theirs = provider.confirm(&reference, &key, &Method::SandboxCard { token: TOKEN.to_owned() }).await?;
    let captured = ProviderStanding::Captured { amount: theirs.captured };
    payment.take(&PaymentCommand::StepDone(PaymentOutcome::Provider(captured)))?;
    payment.take(&PaymentCommand::StepDone(PaymentOutcome::OrderTold))?;
    Ok(payment)
}

fn order_row(order: &Told<Order>) -> anyhow::Result<Row> {
    let placement = order.state.placement.as_ref().context("an order that was placed")?;
    Ok(Row::Order(Box::new(OrderRow {
        id: placement.id,
        seq: order.events.len() as u64,
        number: placement.number,
        cart_id: placement.cart_id,
        owner: None,
        payment_id: Some(placement.payment_id),
        status: "confirmed".to_owned(),
        total: placement.totals.total,
        currency: placement.currency.to_string(),
        placed_at: placement.placed_at,
    })))
}

fn payment_row(payment: &Told<Payment>, opening: &Opening) -> Row {
    Row::Payment(PaymentRow {
        id: opening.id,
        seq: payment.events.len() as u64,
        order_id: opening.order_id,
        status: payment.state.status().to_owned(),
        amount: opening.amount.amount,
        captured: payment.state.captured,
        refunded: payment.state.refunded,
        currency: opening.amount.currency.to_string(),
        provider_ref: payment.state.intent.as_ref().map(|intent| intent.reference.clone()),
    })
}
