//! The rules of the marketplace, and nothing else: no clock, no chance, no I/O, no async.
//!
//! Every live thing is an [`Aggregate`](aggregate::Aggregate): `decide` turns a command into events
//! or a refusal, `evolve` applies an event. Both are pure, so the whole shop can be tested,
//! simulated and replayed without a store or a network.

pub mod account;
pub mod address;
pub mod aggregate;
pub mod cart;
pub mod discount;
pub mod id;
pub mod money;
pub mod order;
pub mod payment;
pub mod personal;
pub mod planted;
pub mod pricing;
pub mod product;
pub mod room;
pub mod time;
