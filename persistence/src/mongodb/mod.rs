//! The catalogue on MongoDB, or on what speaks its protocol.
//!
//! Nothing here needs a transaction: a commit is one document, and what follows from it can be done again.
//!
//! * `commits`: one document for each commit, unique by entity and first number, written with majority and journal.
//!   What follows from it is in the document until it was done, so whoever finds it can do it.
//! * `entities`, `snapshots`, `product_rows`, `variant_rows`: follow the commits. All of it only grows, so nothing is
//!   lost when it is done late, twice, or by several at once.
//! * `changes`: the order of changes that followers read by.
//! * `archived_commits`, `handles`, `schema`; `moved_holds`: answers for holds that came from another engine.
//!
//! In the code:
//! * `options`: what can be chosen; `connect`: the client and what a server must be able to do; `schema`: its version
//! * `commands`: writes as they go to the server; `errors`: what their failures mean
//! * `documents`: commits as documents
//! * `queue`: which waiting commits go into the next batch; `append`: writes a batch; `predecessor`: whether it may
//! * `follow`: the task behind the commits; `entities`, `rows`, `positions`: what it writes; `recovery`: after a crash
//! * `moving`: what is given out to another engine, and taken in
//! * `loading`, `archive`, `journal`: the journal port; `products`: the queries of the catalogue

mod append;
mod archive;
mod commands;
mod connect;
mod documents;
mod entities;
mod errors;
mod follow;
mod journal;
mod leases;
mod loading;
mod moving;
mod options;
mod positions;
mod predecessor;
mod products;
mod queue;
mod recovery;
mod rows;
mod schema;
mod store;

pub use errors::OpenError;
pub use options::{Access, MongoOptions};
pub use store::MongoProductStore;
