//! The adapters on Redis against the contracts of their ports, and what happens when the server misbehaves. Run by
//! `scripts/stores --test redis`, which starts a server.
//!
//! * `server`: the server that the contracts run on, and servers of a test's own
//! * `proxy`: a connection that can be cut
//! * `bad_input`: servers that nothing is kept on, and data that is damaged
//! * `faults`: a server that fails in the middle of it
//! * `chat`: rooms against the contracts
//! * `bus`: the bus between nodes

mod bad_input;
mod bus;
mod chat;
#[path = "../support/embedded.rs"]
mod embedded;
mod faults;
mod moving;
mod proxy;
mod server;
