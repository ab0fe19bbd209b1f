//! Where decisions are kept: the ports that actors write to and read from, and their adapters.
//!
//! * [`journal`]: the port of every entity's journal
//! * [`rows`]: the read models that are written in the same transaction as the journal
//! * [`outbox`]: the port of what has to be told to the world outside
//! * [`leases`]: the port of work that one node does at a time
//! * [`stores`]: one port for each domain: its journal and its queries
//! * [`accounts`]: what is kept of accounts, and its port
//! * [`sealing`]: personal values are kept sealed with a key of their person
//! * `sql`: what the adapters for SQL databases share
//! * [`sqlite`]: the embedded adapter; [`postgres`]: orders, payments and accounts on a server
//! * [`mongodb`]: the catalogue on MongoDB
//! * [`redis`]: chat on Redis
//! * [`moving`]: what a store holds, taken to another engine
//! * [`bus`]: what nodes tell each other while it happens
//! * [`search`]: the full-text index of the catalogue
//! * [`contract`]: the suite that every adapter passes

pub mod accounts;
pub mod bus;
pub mod contract;
pub mod error;
pub mod journal;
pub mod leases;
pub mod mongodb;
pub mod moving;
pub mod outbox;
pub mod postgres;
pub mod redis;
pub mod rows;
mod sealing;
pub mod search;
mod sql;
pub mod sqlite;
pub mod stores;
