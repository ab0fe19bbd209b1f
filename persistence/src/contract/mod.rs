//! The suite that every adapter passes. An adapter's test file implements [`Fixture`] and invokes the
//! macros of `suite`; each case then runs as a test of its own on a store of its own.
//!
//! * [`fixture`]: what an adapter gives the suite, and the commits that the cases write
//! * [`appending`]: who may write after whom
//! * [`loading`]: what an entity is rebuilt from, snapshots and the archive included
//! * [`marks`]: due times, the relay mark, lists of entities
//! * [`outbox`]: deliveries to consumers, and where webhooks go
//! * [`concurrency`]: many writers at once
//! * [`nodes`]: two nodes on one store
//! * [`model`]: random histories against a journal in memory
//! * [`leases`]: work that one node does at a time
//! * [`persons`]: personal values, and how a person is erased
//! * [`moving`]: from one store to another; [`furnished`]: stores with something everywhere
//! * [`bus`]: what nodes tell each other
//! * [`products`], [`orders`], [`payments`], [`chat`], [`accounts`]: the queries of each domain

pub mod accounts;
pub mod appending;
pub mod bus;
pub mod chat;
pub mod concurrency;
pub mod fixture;
pub mod furnished;
pub mod leases;
pub mod loading;
pub mod marks;
pub mod model;
pub mod moving;
pub mod nodes;
pub mod orders;
pub mod outbox;
pub mod payments;
pub mod persons;
pub mod products;
mod suite;

pub use bus::BusFixture;
pub use fixture::Fixture;
