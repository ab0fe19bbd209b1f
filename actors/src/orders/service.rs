//! The calls on orders.

use std::sync::Arc;
use std::time::Duration;

use souk_domain::cart::state::{Cart, CartLine};
use souk_domain::discount::command::{ClaimRequest, CustomerClaim};
use souk_domain::id::{OrderId, PaymentId, discount_id};
use souk_domain::order::command::{OrderCommand, OrderRefusal};
use souk_domain::order::event::OrderEvent;
use souk_domain::order::state::{Order, OrderDiscount, OrderLine, Placement, Stage};
use souk_domain::payment::state::Payment;
use souk_domain::pricing::price::{Applied, LinePrice};
use souk_domain::pricing::rules::PriceRules;
use souk_persistence::journal::EntityId;
use souk_persistence::stores::OrderStore;

use super::entity::{OrderEntity, TimelineEntry};
use super::numbers::OrderNumbers;
use super::view::OrderView;
use crate::discounts::customer;
use crate::payments::entity::PaymentEntity;
use crate::runtime::directory::Directory;
use crate::runtime::error::{CallError, Unavailable};
use crate::runtime::world::{Chance, Clock};
use crate::viewer::Viewer;

/// Events of one order that a timeline shows, at most; an order has about ten.
const TIMELINE_LIMIT: usize = 200;
/// How long a cancellation waits for its end.
const CANCEL_PATIENCE: Duration = Duration::from_secs(8);

#[derive(Debug, Clone, Copy)]
pub struct CheckoutTimes {
    pub hold: Duration,
    pub payment_grace: Duration,
}

#[derive(Clone)]
pub struct Orders {
    pub directory: Directory<OrderEntity>,
    pub payments: Directory<PaymentEntity>,
    pub store: Arc<dyn OrderStore>,
    pub numbers: Arc<OrderNumbers>,
    pub times: CheckoutTimes,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

pub type OrderError = CallError<OrderRefusal>;

impl Orders {
    /// Places the order of a cart, once: a repeated call finds it there.
    pub(crate) async fn place(&self, id: OrderId, cart: &Cart, rules: &PriceRules) -> Result<(), Unavailable> {
        let number = self.numbers.next().await.map_err(|_| Unavailable::Store)?;
        let Some(placement) = self.placement(id, number, cart, rules) else { return Err(Unavailable::Crashed) };
        let place = OrderCommand::Place(Box::new(placement));
        match self.directory.call_new_internal(&EntityId::new(id), place).await {
            Ok(_) | Err(CallError::Refused(_)) => Ok(()),
            Err(CallError::Unavailable(cause)) => Err(cause),
        }
    }

    /// None for a cart that lacks what an order needs; a checkout does not begin on such a one.
    fn placement(&self, id: OrderId, number: u64, cart: &Cart, rules: &PriceRules) -> Option<Placement> {
        let placed_at = self.clock.now();
        let priced = cart.priced(rules, placed_at);
        let lines = cart.lines.iter().zip(&priced.lines);
        Some(Placement {
            id,
            number,
            cart_id: cart.id?,
            owner: cart.owner.clone(),
            payment_id: PaymentId::from_uuid(self.chance.sortable()),
            access_key: self.chance.random().simple().to_string(),
            email: cart.email.clone()?,
            shipping_address: cart.shipping_address.clone()?,
            shipping_option_id: cart.shipping_option_id.clone()?,
            lines: lines.map(|(line, price)| order_line(line, price)).collect(),
            currency: cart.currency?,
            totals: priced.totals,
            claims: priced.discounts.iter().filter_map(|applied| claim(cart, applied, rules)).collect(),
            discounts: priced.discounts.into_iter().map(order_discount).collect(),
            shipping_tax: Some(priced.shipping.tax),
            placed_at,
            hold_expires_at: placed_at.plus(self.times.hold),
            payment_grace: self.times.payment_grace,
        })
    }

    /// An order for whoever may see it.
    ///
    /// # Errors
    /// `NotFound` for one that is not there or belongs to somebody else.
    pub async fn order(&self, id: OrderId, viewer: &Viewer) -> Result<Order, OrderError> {
        let order = self.directory.read(&EntityId::new(id), |order, _| order.clone()).await?;
        match &order.placement {
            Some(placement) if viewer.may_see(placement.owner.as_deref(), &placement.access_key) => Ok(order),
            _ => Err(CallError::Refused(OrderRefusal::NotFound)),
        }
    }

    /// # Errors
    /// As for [`Orders::order`].
    pub async fn view(&self, id: OrderId, viewer: &Viewer) -> Result<OrderView, OrderError> {
        self.seen(&self.order(id, viewer).await?).await
    }

    /// What happened to the order, oldest first.
    ///
    /// # Errors
    /// As for [`Orders::order`].
    pub async fn timeline(&self, id: OrderId, viewer: &Viewer) -> Result<Vec<TimelineEntry>, OrderError> {
        self.order(id, viewer).await?;
        let events = self.store.events_after(&EntityId::new(id), 0, TIMELINE_LIMIT).await;
        let events = events.map_err(|_| Unavailable::Store)?;
        let entry = |recorded: souk_persistence::journal::Recorded| {
            let event: OrderEvent = serde_json::from_str(&recorded.event).ok()?;
            Some(TimelineEntry::of(&event, recorded.at))
        };
        Ok(events.into_iter().filter_map(entry).collect())
    }

    /// Cancels an order that is not paid, and waits until its stock is back.
    ///
    /// # Errors
    /// `NotCancellable` when it is paid or ended otherwise.
    pub async fn cancel(&self, id: OrderId, viewer: &Viewer) -> Result<OrderView, OrderError> {
        self.order(id, viewer).await?;
        let entity = EntityId::new(id);
        self.directory.call(&entity, OrderCommand::Cancel).await?;
        let ended =
            |order: &Order| (order.stage != Stage::Voiding && order.stage != Stage::Releasing).then(|| order.clone());
        let order = self.directory.watch(&entity, CANCEL_PATIENCE, ended).await?;
        self.seen(&order).await
    }

    pub(crate) async fn seen(&self, order: &Order) -> Result<OrderView, OrderError> {
        let not_found = CallError::Refused(OrderRefusal::NotFound);
        let Some(placement) = &order.placement else { return Err(not_found) };
        let payment = EntityId::new(placement.payment_id);
        let payment = if order.total().is_some_and(|total| total.amount == 0) {
            Payment::default()
        } else {
            self.payments.read(&payment, |payment, _| payment.clone()).await?
        };
        OrderView::of(order, &payment).ok_or(not_found)
    }
}

fn order_line(line: &CartLine, price: &LinePrice) -> OrderLine {
    OrderLine {
        variant_id: line.variant_id,
        product_id: line.product_id,
        title: line.title.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: price.subtotal,
        discount: price.discount,
        tax: price.tax,
    }
}

fn order_discount(applied: Applied) -> OrderDiscount {
    let Applied { id, code, title, amount, shipping } = applied;
    OrderDiscount { id, code, title, amount, shipping }
}

/// The use that an order needs of a discount; none where nobody counts.
fn claim(cart: &Cart, applied: &Applied, rules: &PriceRules) -> Option<ClaimRequest> {
    let discount = rules.discounts.iter().find(|discount| discount.id == applied.id && discount.is_limited())?;
    let discount_id = discount_id(&discount.id);
    let email = cart.email.as_ref().and_then(|email| email.known().cloned()).unwrap_or_default();
    let customer = discount
        .limit_per_customer
        .map(|limit| CustomerClaim { digest: customer::digest(discount_id, cart.owner.as_deref(), &email), limit });
    Some(ClaimRequest { discount_id, code: discount.code.clone()?, limit: discount.limit, customer })
}
