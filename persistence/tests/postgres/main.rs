//! The adapter for PostgreSQL against the contract of the ports, and against servers that are not as they should be.
//! `scripts/stores --test postgres` starts a server for it.

mod contract;
#[path = "../support/embedded.rs"]
mod embedded;
mod faults;
#[path = "../support/histories.rs"]
mod histories;
mod killing;
mod moving;
mod opening;
mod proxy;
mod server;
