//! The accounts' store: plain records.
//!
//! * `store`: the port
//! * `changes`: how each change is written; `audit`: the chain
//! * `rows`: rows as they are kept, and the records they become

mod audit;
mod changes;
mod rows;
mod store;
