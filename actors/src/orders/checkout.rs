//! From a cart and an idempotency key to an answer. The cart's journal remembers the key, the cart's
//! process places the order, the order's process does the rest; this only starts and watches.

use std::time::Duration;

use souk_domain::cart::command::CartRefusal;
use souk_domain::id::{CartId, OrderId};
use souk_domain::order::command::OrderRefusal;
use souk_domain::order::state::{Ending, Order};
use souk_domain::product::command::Shortage;
use souk_persistence::journal::EntityId;

use super::service::Orders;
use super::view::OrderView;
use crate::carts::service::{CartError, Carts};
use crate::runtime::error::{CallError, Unavailable};

/// How long the answer is waited for; then the caller is told that it is still under way.
const PATIENCE: Duration = Duration::from_secs(8);

#[derive(Clone)]
pub struct Checkout {
    pub carts: Carts,
    pub orders: Orders,
}

#[derive(Debug, Clone)]
pub struct PlaceOrder {
    pub cart_id: CartId,
    pub person: Option<String>,
    pub key: String,
    /// A digest of the request: the same key with another one is refused.
    pub fingerprint: String,
    /// Minor units.
    pub expected_total: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceError {
    Cart(CartError),
    OutOfStock(Vec<Shortage>),
    /// Codes that have no use left.
    DiscountUsedUp(Vec<String>),
    /// The order of this key is being placed.
    InProgress {
        order_id: OrderId,
    },
    Unavailable(Unavailable),
}

impl From<CartError> for PlaceError {
    fn from(error: CartError) -> Self {
        match error {
            CartError::Unavailable(cause) => Self::Unavailable(cause),
            other => Self::Cart(other),
        }
    }
}

impl Checkout {
    /// Places the order of a cart. The same key always has the same answer.
    ///
    /// # Errors
    /// A refusal, which the key keeps; or a reason to try again with the same key.
    pub async fn place(&self, request: PlaceOrder) -> Result<OrderView, PlaceError> {
        let PlaceOrder { cart_id, person, key, fingerprint, expected_total } = request;
        let candidate = OrderId::from_uuid(self.carts.chance.sortable());
        let started =
            self.carts.start_checkout(cart_id, person.as_deref(), candidate, (key, fingerprint), expected_total);
        let order_id = started.await?.outcome.map_err(|refusal: CartRefusal| CartError::Refused(refusal))?;
        let placed = |order: &Order| order.is_placed().then(|| order.clone());
        let (entity, orders) = (EntityId::new(order_id), &self.orders.directory);
        let watched = if order_id == candidate {
            orders.watch_new(&entity, PATIENCE, placed).await
        } else {
            orders.watch(&entity, PATIENCE, placed).await
        };
        let order = match watched {
            Ok(order) => order,
            Err(Unavailable::TimedOut) => return Err(PlaceError::InProgress { order_id }),
            Err(cause) => return Err(PlaceError::Unavailable(cause)),
        };
        match &order.ending {
            Some(Ending::OutOfStock(items)) => return Err(PlaceError::OutOfStock(items.clone())),
            Some(Ending::DiscountUsedUp(codes)) => return Err(PlaceError::DiscountUsedUp(codes.clone())),
            Some(Ending::Cancelled | Ending::Expired) | None => {}
        }
        let view = self.orders.seen(&order).await.map_err(|error: CallError<OrderRefusal>| match error {
            CallError::Refused(_) => PlaceError::InProgress { order_id },
            CallError::Unavailable(cause) => PlaceError::Unavailable(cause),
        })?;
        let access_key = order.placement.map(|placement| placement.access_key);
        Ok(OrderView { access_key, ..view })
    }
}
