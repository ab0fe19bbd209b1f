//! The embedded adapter: one SQLite file for each domain in a data folder that belongs to one process.
//!
//! * `folder`: the data folder and its lock
//! * `options`: what can be chosen when a store is opened
//! * [`backup`]: copies of all files as they were at one moment
//! * `domains`: which file and which migrations belong to a domain
//! * `database`: one open file: the writer, the readers, the way to close it
//! * `tables`: the statements of the read models
//! * `document`: many rows as one parameter of a statement
//! * `queue`: which waiting writes go into the next transaction
//! * `writer`: the task that owns the only writing connection
//! * `transaction`: the statements of one transaction; `script`: many of them as one message
//! * `readers`: the read-only connections
//! * `journal`: the journal port; `loading`: rebuilding an entity
//! * `persons`: the keys of persons, and how they are erased
//! * `outbox`: deliveries to consumers; `endpoints`: where webhooks go
//! * `moving`: what is given out to another engine, and taken in
//! * `products`, `orders`, `payments`, `accounts`, `chat`: the queries of each domain

mod accounts;
pub mod backup;
mod chat;
mod database;
mod document;
mod domains;
mod endpoints;
pub(crate) mod errors;
mod folder;
mod journal;
mod loading;
mod moving;
mod options;
mod orders;
mod outbox;
mod payments;
mod persons;
mod products;
mod queue;
mod readers;
mod script;
mod store;
mod tables;
mod transaction;
mod writer;

#[cfg(test)]
mod tests;

pub use domains::{Accounts, Chat, Domain, JournalDomain, Orders, Payments, Products};
pub use errors::OpenError;
pub use folder::DataFolder;
pub use options::{SqliteOptions, Synchronous};
pub use persons::PersonalDomain;
pub use store::{
    SqliteAccountStore, SqliteChatStore, SqliteOrderStore, SqlitePaymentStore, SqliteProductStore, SqliteStore,
};
