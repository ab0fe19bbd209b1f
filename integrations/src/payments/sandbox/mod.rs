//! A small payment provider of its own, in the same process but with its own file: it plays the outside world.
//! What it has answered survives a crash of Souk, as with a real provider, so that the two can be compared.
//!
//! It keeps all intents in memory and writes each change through to `sandbox.db` before it answers. The file is
//! synced at checkpoints only (`synchronous=NORMAL`): enough for a killed process, not for a power cut, which no
//! real provider would share with us either.
//!
//! * `provider`: [`Sandbox`], the port's implementation
//! * `ledger`: the rules, in memory
//! * `change`: what a step of the ledger writes
//! * `writer`: commits the changes of many callers together
//! * `store`: the file
//! * `late`: captures what was confirmed with `tok_late`
//! * `webhook`: tells whoever listens

mod change;
mod late;
mod ledger;
mod provider;
mod store;
#[cfg(test)]
mod tests;
mod webhook;
mod writer;

pub use ledger::Challenge;
pub use provider::{Clock, Sandbox};
pub use store::StoreError;
