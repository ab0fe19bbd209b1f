//! The accounts' store: plain records.
//!
//! * `store`: the port; `given`: records as they were given
//! * `changes`: how each change is written; `audit`: the chain

mod audit;
mod changes;
mod given;
mod store;
