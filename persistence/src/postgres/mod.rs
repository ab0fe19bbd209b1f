//! The adapter for PostgreSQL: orders (with carts, discounts and the outbox), payments and accounts, each in a schema of
//! its own, so that they can share a database or have one each. Any number of nodes may use it at once.
//!
//! * `options`: what can be chosen when a store is opened; `domains`: which schema and tables belong to a domain
//! * `database`: the connections of a store; `pool`: how they are lent; `opening`: what a server must be like; `schema`: bringing it up to date
//! * `errors`: what can go wrong when it is opened; `fate`: what an error says about a write
//! * `columns`: many rows as parameters of a statement; `tables`: the read models
//! * `statement`: the one statement that writes a batch
//! * `waiting`: which waiting commits go into the next batch; `writer`: the task that sends the batches
//! * `journal`: the journal port; `loading`: rebuilding an entity
//! * `leases`: work that one node does at a time
//! * `persons`: the keys of persons, and how they are erased
//! * `outbox`: deliveries to consumers; `endpoints`: where webhooks go
//! * `moving`: what is given out to another engine, and taken in
//! * `orders`, `payments`, `accounts`: the queries of each domain

mod accounts;
mod columns;
mod database;
mod domains;
mod endpoints;
mod errors;
mod fate;
mod journal;
mod leases;
mod loading;
mod moving;
mod opening;
mod options;
mod orders;
mod outbox;
mod payments;
mod persons;
mod pool;
mod schema;
mod statement;
mod store;
mod tables;
mod text;
mod waiting;
mod writer;

pub use domains::{Domain, JournalDomain};
pub use errors::OpenError;
pub use options::{Access, Durability, Migrations, PostgresOptions};
pub use store::{PostgresAccountStore, PostgresOrderStore, PostgresPaymentStore, PostgresStore};
