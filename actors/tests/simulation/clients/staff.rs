//! Gives money back for orders that are confirmed: in parts or all of it, sometimes too much. What has no final answer
//! is asked again under the same key.

use std::sync::Mutex;

use futures::future::join_all;
use souk_actors::orders::refunds::{RefundError, RefundOrder};
use souk_domain::id::OrderId;
use souk_domain::money::{Currency, Money};
use souk_domain::order::state::OrderStatus;

use super::Visit;
use crate::history::Refunded;
use crate::world::lock;

#[derive(Default)]
pub struct Staff {
    /// Keys without a final answer.
    open: Mutex<Vec<Asked>>,
}

/// A refund as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub order: OrderId,
    pub key: String,
    /// None: all that is left.
    pub amount: Option<i64>,
}

impl Staff {
    pub async fn live(&self, visit: &Visit) {
        loop {
            visit.think(6_000).await;
            let open = lock(&self.open).last().cloned();
            let Some(asked) = open.or_else(|| self.next(visit)) else { continue };
            let times = visit.site.world.one_of(&[1, 1, 2]);
            let answers = join_all((0..times).map(|_| refund(visit, &asked))).await;
            if answers.contains(&true) {
                lock(&self.open).retain(|open| *open != asked);
            }
        }
    }

    /// A refund nobody asked for yet.
    fn next(&self, visit: &Visit) -> Option<Asked> {
        let world = &visit.site.world;
        let (order, key) = {
            let history = world.history();
            let paid = |(_, status): &(&OrderId, &OrderStatus)| {
                matches!(status, OrderStatus::Confirmed | OrderStatus::Refunded)
            };
            let orders: Vec<OrderId> = history.orders.iter().filter(paid).map(|(order, _)| *order).collect();
            let number = history.refunds.len();
            drop(history);
            let place = world.below(orders.len().max(1) as u64) as usize;
            (*orders.get(place)?, format!("refund{number}"))
        };
        let amount = world.one_of(&[None, Some(300), Some(100_000)]);
        let asked = Asked { order, key, amount };
        lock(&self.open).push(asked.clone());
        world.history().refunds.insert(asked.clone(), None);
        Some(asked)
    }
}

/// Whether there was a final answer.
pub async fn refund(visit: &Visit, asked: &Asked) -> bool {
    let Asked { order, key, amount } = asked.clone();
    let request = RefundOrder {
        order_id: order,
        key,
        fingerprint: format!("{amount:?}"),
        amount: amount.map(|amount| Money::new(amount, Currency::USD)),
        reason: "came broken".into(),
        requested_by: "staff:sim".into(),
    };
    let answer = match visit.market.orders.refund(request).await {
        Ok(view) => Refunded::Done(view.amount.amount),
        Err(RefundError::TooLarge(left)) => Refunded::TooLarge(left.amount),
        Err(RefundError::Failed(_)) => Refunded::Failed,
        Err(RefundError::Order(_) | RefundError::CurrencyDiffers(_) | RefundError::InProgress) => return false,
    };
    let world = &visit.site.world;
    world.note(format_args!("{} of {}: {answer:?}", asked.key, asked.order));
    world.history().refunded(asked, answer);
    true
}
