//! The accounts' store: plain records.
//!
//! * `store`: the port
//! * `changes`: how each change is written; `audit`: the chain

mod audit;
mod changes;
mod store;
