//! An order that was bought, as a pattern for others like it.

use anyhow::{Context, ensure};
use souk_domain::aggregate::Aggregate;
use souk_domain::cart::state::Cart;
use souk_domain::id::{OrderId, ProductId};
use souk_domain::money::Money;
use souk_domain::order::state::Order;
use souk_domain::payment::state::Payment;
use souk_domain::product::state::HeldLine;
use souk_domain::time::Timestamp;
use souk_persistence::journal::{Commit, EntityId, Journal, Recorded, Relay};
use souk_persistence::rows::{OrderRow, PaymentRow, Row};
use souk_persistence::stores::{OrderStore, PaymentStore, ProductStore};
use uuid::Uuid;

use super::names::{Names, Text};

/// More than an order of the load has.
const MOST_EVENTS: usize = 1_000;

pub struct Template {
    cart: Vec<Text>,
    order: Vec<Text>,
    payment: Vec<Text>,
    at: Timestamp,
    order_row: OrderRow,
    payment_row: PaymentRow,
    pub amount: Money,
    /// What was bought, by product.
    pub goods: Vec<(ProductId, Vec<HeldLine>)>,
}

/// What is written for one more order.
pub struct Copy {
    pub cart: Commit,
    pub order: Commit,
    pub payment: Commit,
}

impl Template {
    /// None for an order with something left to do.
    ///
    /// # Errors
    /// When a store does not answer, or the order's names cannot be changed.
    pub async fn read(
        id: &EntityId,
        (orders, payments, products): (&dyn OrderStore, &dyn PaymentStore, &dyn ProductStore),
    ) -> anyhow::Result<Option<Self>> {
        let order_id: OrderId = id.as_str().parse().ok().with_context(|| format!("{id} is no order"))?;
        let order = events(orders, id).await?;
        let state: Order = replay(order.iter().map(|recorded| &*recorded.event))?;
        let Some(placement) = state.placement.as_ref().filter(|_| state.is_settled() && state.ending.is_none()) else {
            return Ok(None);
        };
        let cart = events(orders, &EntityId::new(placement.cart_id)).await?;
        let payment = events(payments, &EntityId::new(placement.payment_id)).await?;
        let paid: Payment = replay(payment.iter().map(|recorded| &*recorded.event))?;
        let intent = paid.intent.as_ref().context("a paid order has an intent")?.reference.clone();
        let payment_row = payments.payment_by_provider_ref(&intent).await?.context("a payment has its row")?;
        let mut goods = Vec::new();
        for product in state.products() {
            let hold = products.hold(product, order_id).await?.context("an order has its holds")?;
            goods.push((product, hold.lines));
        }
        let names = Names {
            cart: placement.cart_id,
            order: order_id,
            payment: placement.payment_id,
            number: placement.number,
            access_key: placement.access_key.clone(),
            intent,
        };
        let texts = names.texts();
        let cut = |events: &[Recorded]| events.iter().map(|event| Text::new(&event.event, &texts)).collect();
        let template = Self {
            cart: cut(&cart),
            order: cut(&order),
            payment: cut(&payment),
            at: order.last().context("an order has events")?.at,
            order_row: orders.order(order_id).await?.context("an order has its row")?,
            payment_row,
            amount: Money::new(placement.totals.total, placement.currency),
            goods,
        };
        template.prove()?;
        Ok(Some(template))
    }

    /// Every name of a copy is a new one.
    fn prove(&self) -> anyhow::Result<()> {
        let names = Names::new(self.order_row.number + 1);
        let copy = self.copy(&names);
        let order: Order = replay(copy.order.events.iter().map(|event| &**event))?;
        let placement = order.placement.context("a copy is placed")?;
        let theirs = (placement.id, placement.number, placement.cart_id, placement.payment_id, placement.access_key);
        let wanted = (names.order, names.number, names.cart, names.payment, names.access_key);
        ensure!(theirs == wanted, "a copy has the names {theirs:?}, not {wanted:?}");
        let cart: Cart = replay(copy.cart.events.iter().map(|event| &**event))?;
        ensure!((cart.id, cart.order) == (Some(names.cart), Some(names.order)), "a copy of the cart has other names");
        let payment: Payment = replay(copy.payment.events.iter().map(|event| &**event))?;
        let (opening, intent) = payment.opening.zip(payment.intent).context("a copy has a payment")?;
        let theirs = (opening.id, opening.order_id, intent.reference);
        let wanted = (names.payment, names.order, names.intent);
        ensure!(theirs == wanted, "a copy of the payment has the names {theirs:?}, not {wanted:?}");
        Ok(())
    }

    pub fn copy(&self, names: &Names) -> Copy {
        let mut order = self.order_row.clone();
        (order.id, order.number, order.cart_id) = (names.order, names.number, names.cart);
        order.payment_id = Some(names.payment);
        let mut payment = self.payment_row.clone();
        (payment.id, payment.order_id) = (names.payment, names.order);
        payment.provider_ref = Some(names.intent.clone());
        let texts = names.texts();
        let commit = |id: EntityId, events: &[Text], rows| {
            let events = events.iter().map(|event| event.with(&texts)).collect();
            commit(id, events, self.at, rows)
        };
        Copy {
            cart: commit(EntityId::new(names.cart), &self.cart, vec![]),
            order: commit(EntityId::new(names.order), &self.order, vec![Row::Order(Box::new(order))]),
            payment: commit(EntityId::new(names.payment), &self.payment, vec![Row::Payment(payment)]),
        }
    }
}

/// The only commit of something that has nothing left to do.
fn commit(entity: EntityId, events: Vec<String>, at: Timestamp, rows: Vec<Row>) -> Commit {
    Commit {
        entity,
        predecessor: 0,
        commit_id: Uuid::new_v4(),
        at,
        events,
        snapshot: None,
        due_at: None,
        relay: Relay::Nobody,
        rows,
    }
}

async fn events<J: Journal + ?Sized>(journal: &J, id: &EntityId) -> anyhow::Result<Vec<Recorded>> {
    let events = journal.events_after(id, 0, MOST_EVENTS).await?;
    ensure!((1..MOST_EVENTS).contains(&events.len()), "{id} has {} events", events.len());
    Ok(events)
}

fn replay<'a, A: Aggregate>(events: impl Iterator<Item = &'a str>) -> anyhow::Result<A> {
    let mut state = A::default();
    for event in events {
        state.evolve(&serde_json::from_str(event)?);
    }
    Ok(state)
}
