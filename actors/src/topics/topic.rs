//! A topic is a journal, seen from outside: `room:room_01h...`, `product:prod_01h...`, `status`.

use std::fmt;
use std::str::FromStr;

use souk_domain::id::{CartId, OrderId, ProductId, RoomId};
use souk_persistence::journal::EntityId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Log: every message, in order.
    Room(RoomId),
    /// Log: the order's timeline.
    Order(OrderId),
    /// State: price and stock.
    Product(ProductId),
    /// State.
    Cart(CartId),
    /// State: the status board.
    Status,
}

impl Topic {
    /// The topic that shows an entity; none for kinds that nobody follows.
    pub fn of_entity(id: &EntityId) -> Option<Self> {
        let text = id.as_str();
        match id.kind() {
            "room" => text.parse().map(Self::Room).ok(),
            "ord" => text.parse().map(Self::Order).ok(),
            "prod" => text.parse().map(Self::Product).ok(),
            "cart" => text.parse().map(Self::Cart).ok(),
            _ => None,
        }
    }

    /// The entity that the topic shows; none for the status board.
    pub fn entity(self) -> Option<EntityId> {
        match self {
            Self::Room(id) => Some(EntityId::new(id)),
            Self::Order(id) => Some(EntityId::new(id)),
            Self::Product(id) => Some(EntityId::new(id)),
            Self::Cart(id) => Some(EntityId::new(id)),
            Self::Status => None,
        }
    }

    /// Whether followers get every entry, and not only the newest state.
    pub fn is_log(self) -> bool {
        matches!(self, Self::Room(_) | Self::Order(_))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(id) => write!(f, "room:{id}"),
            Self::Order(id) => write!(f, "order:{id}"),
            Self::Product(id) => write!(f, "product:{id}"),
            Self::Cart(id) => write!(f, "cart:{id}"),
            Self::Status => f.write_str("status"),
        }
    }
}

/// The text names no topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a topic is room:ID, order:ID, product:ID, cart:ID or status")]
pub struct UnknownTopic;

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        let unknown = |_| UnknownTopic;
        match text.split_once(':') {
            Some(("room", id)) => id.parse().map(Self::Room).map_err(unknown),
            Some(("order", id)) => id.parse().map(Self::Order).map_err(unknown),
            Some(("product", id)) => id.parse().map(Self::Product).map_err(unknown),
            Some(("cart", id)) => id.parse().map(Self::Cart).map_err(unknown),
            None if text == "status" => Ok(Self::Status),
            _ => Err(UnknownTopic),
        }
    }
}
