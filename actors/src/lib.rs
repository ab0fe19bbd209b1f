//! The actors: what lives, and what watches over it.
//!
//! * [`marketplace`]: the whole, wired once
//! * [`runtime`]: how an entity lives: directory, supervision, group commit, admission, passivation
//! * [`topics`]: real time: who is told of what
//! * [`catalogue`], [`carts`], [`orders`], [`discounts`], [`payments`], [`rooms`]: one folder for each kind of actor
//! * [`customers`]: what a customer has across the shop
//! * [`outbox`]: what is told to the world outside
//! * [`accounts`]: who is who, which is plain records
//! * [`viewer`]: who is asking
//! * [`nodes`]: several marketplaces on the same stores
//! * [`status`]: how it is all doing
//! * [`check`]: whether everything that was ever written keeps the rules

pub mod accounts;
pub mod carts;
pub mod catalogue;
pub mod check;
pub mod customers;
pub mod discounts;
pub mod marketplace;
pub mod nodes;
pub mod orders;
pub mod outbox;
pub mod payments;
pub mod rooms;
pub mod runtime;
pub mod status;
pub mod topics;
pub mod viewer;
