//! What is told to the world outside, and when: only what is final.
//!
//! An order is "placed" once its stock is held: before that it may still be refused. It is cancelled or expired once
//! its stock is back: until then money may still arrive and turn it into a sale.

use super::event::OrderEvent;
use super::state::{Ending, Order};
use crate::aggregate::Aggregate;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    Placed,
    Confirmed,
    Cancelled,
    Expired,
    Refunded,
}

/// What can be said of an event by its type alone, without the order behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Nothing,
    Certainly(Notice),
    /// The order's state decides.
    Depends,
}

impl Notice {
    pub const ALL: [Self; 5] = [Self::Placed, Self::Confirmed, Self::Cancelled, Self::Expired, Self::Refunded];

    /// The name under which it is sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "order.placed",
            Self::Confirmed => "order.confirmed",
            Self::Cancelled => "order.cancelled",
            Self::Expired => "order.expired",
            Self::Refunded => "order.refunded",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.name() == name)
    }

    /// What an event is told as; `after` is the order with the event in it.
    pub fn of(event: &OrderEvent, after: &Order) -> Option<Self> {
        match (event, &after.ending) {
            (OrderEvent::StockHeld, _) => Some(Self::Placed),
            (OrderEvent::StockSold { .. }, _) => Some(Self::Confirmed),
            (OrderEvent::Refunded { .. }, _) => Some(Self::Refunded),
            (OrderEvent::StockReleased, Some(Ending::Cancelled)) => Some(Self::Cancelled),
            (OrderEvent::StockReleased, Some(Ending::Expired)) => Some(Self::Expired),
            _ => None,
        }
    }
}

/// By the type tag of an event, as its journal has it.
pub fn told(tag: &str) -> Told {
    match tag {
        "stock_held.v1" => Told::Certainly(Notice::Placed),
        "stock_sold.v1" => Told::Certainly(Notice::Confirmed),
        "refunded.v1" => Told::Certainly(Notice::Refunded),
        "stock_released.v1" => Told::Depends,
        _ => Told::Nothing,
    }
}

/// What happened at one number of a journal.
#[derive(Debug, Clone)]
pub struct Moment {
    pub event: OrderEvent,
    /// The order right after it.
    pub order: Order,
}

impl Moment {
    /// Replays the first `seq` events; none when there are fewer.
    pub fn at<'a>(events: impl IntoIterator<Item = &'a OrderEvent>, seq: u64) -> Option<Self> {
        let mut order = Order::default();
        for (number, event) in (1_u64..).zip(events) {
            order.evolve(event);
            if number == seq {
                return Some(Self { event: event.clone(), order });
            }
        }
        None
    }

    pub fn notice(&self) -> Option<Notice> {
        Notice::of(&self.event, &self.order)
    }

    /// What this very event gave back, in minor units.
    pub fn refund(&self) -> Option<i64> {
        match self.event {
            OrderEvent::Refunded { amount, .. } => Some(amount),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLDEN: &str = include_str!("../../golden/order.jsonl");

    #[test]
    fn the_tag_alone_says_the_same_as_the_event_where_it_says_anything() {
        let cancelled = Order { ending: Some(Ending::Cancelled), ..Order::default() };
        let mut depends = 0;
        for line in GOLDEN.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            let event: OrderEvent = serde_json::from_str(line).unwrap();
            match told(value["type"].as_str().unwrap()) {
                Told::Nothing => assert_eq!(Notice::of(&event, &cancelled), None, "{line}"),
                Told::Certainly(notice) => assert_eq!(Notice::of(&event, &cancelled), Some(notice), "{line}"),
                Told::Depends => depends += 1,
            }
        }
        assert_eq!(depends, 1);
    }

    #[test]
    fn an_end_is_told_by_its_reason_and_only_once_it_is_final() {
        let with = |ending| Order { ending, ..Order::default() };
        let released = |ending| Notice::of(&OrderEvent::StockReleased, &with(Some(ending)));
        assert_eq!(released(Ending::Cancelled), Some(Notice::Cancelled));
        assert_eq!(released(Ending::Expired), Some(Notice::Expired));
        assert_eq!(released(Ending::OutOfStock(vec![])), None, "it was never placed for anybody outside");
        let begun = OrderEvent::EndingBegun { ending: Ending::Cancelled };
        assert_eq!(Notice::of(&begun, &with(Some(Ending::Cancelled))), None, "money may still turn it round");
    }

    #[test]
    fn names_read_back() {
        for notice in Notice::ALL {
            assert_eq!(Notice::of_name(notice.name()), Some(notice));
        }
        assert_eq!(Notice::of_name("order.unknown"), None);
    }

    #[test]
    fn a_moment_is_the_order_right_after_its_event() {
        let events =
            [OrderEvent::StockHeld, OrderEvent::Paid { amount: 5 }, OrderEvent::Refunded { amount: 3, refund: None }];
        let moment = Moment::at(&events, 3).unwrap();
        assert_eq!((moment.order.captured, moment.order.refunded, moment.refund()), (5, 3, Some(3)));
        assert_eq!(Moment::at(&events, 2).unwrap().order.refunded, 0);
        assert!(Moment::at(&events, 4).is_none() && Moment::at(&events, 0).is_none());
    }
}
