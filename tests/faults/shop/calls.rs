//! What clients ask, and which engines an answer needs.

use super::super::victim::Engine;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Reads a product.
    Browse,
    /// Makes a cart or changes one.
    Cart,
    /// Places an order.
    Order,
    Pay,
    /// Signs in, or changes the own name.
    Account,
    /// Writes a message.
    Say,
    /// Reads messages.
    History,
}

impl Call {
    pub const ALL: [Self; 7] =
        [Self::Browse, Self::Cart, Self::Order, Self::Pay, Self::Account, Self::Say, Self::History];

    pub fn needs(self, engine: Engine) -> bool {
        match self {
            Self::Browse => false,
            Self::Cart | Self::Pay | Self::Account => engine == Engine::Postgres,
            Self::Order => matches!(engine, Engine::Postgres | Engine::Mongodb),
            Self::Say | Self::History => engine == Engine::Redis,
        }
    }

    /// Whether clients come to it also while this engine is away. Who waits for an order has none to pay, and who
    /// waits for a cart has none to order.
    pub fn is_reached_without(self, engine: Engine) -> bool {
        match self {
            Self::Pay => engine == Engine::Redis,
            Self::Order => engine != Engine::Postgres,
            _ => true,
        }
    }
}
