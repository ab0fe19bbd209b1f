//! A small payment provider of its own: it plays the outside world, over HTTP like one, with its own file. What it
//! has answered survives a crash of Souk, as with a real provider, so that the two can be compared.
//!
//! It keeps all intents in memory and writes each change through to `sandbox.db` before it answers. The file is
//! synced at checkpoints only (`synchronous=NORMAL`): enough for a killed process, not for a power cut, which no
//! real provider would share with us either.
//!
//! * `provider`: [`Sandbox`], the provider itself
//! * `ledger`: the rules, in memory
//! * `change`: what a step of the ledger writes
//! * `writer`: commits the changes of many callers together
//! * `store`: the file
//! * `late`: captures what was confirmed with `tok_late`
//! * `tokens`: the cards that it knows
//! * `outbox`, `delivery`: the webhooks that are yet to be taken, and their sending
//! * `server`, `wire`, `faults`, `connections`: its HTTP side, and how it misbehaves when told to
//! * `client`: [`SandboxClient`], the provider as Souk uses it, over HTTP
//! * `secrets`: the keys that both sides know

mod change;
mod client;
mod connections;
mod delivery;
mod faults;
mod late;
mod ledger;
mod outbox;
mod provider;
mod secrets;
mod server;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod wire;
mod writer;

pub use client::SandboxClient;
pub use delivery::WebhookTarget;
pub use faults::FaultRates;
pub use provider::{Clock, Sandbox};
pub use secrets::Secrets;
pub use server::{SandboxServer, ServerOptions};
pub use store::{StoreError, lock};

pub(super) const SIGNATURE_HEADER: &str = "sandbox-signature";
