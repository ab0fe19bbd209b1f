//! Connections: HTTP/1.1, and HTTP/2 for clients that begin with it. Every wait has a bound.
//!
//! * [`listener`]: the accept loop, and how it ends
//! * `connection`: one connection from its first byte to its last
//! * `protocol`: what hyper is told about bounds
//! * `counted`: a stream that holds its place among the connections
//! * `turned_away`: what one connection too many is told

mod connection;
mod counted;
pub mod listener;
mod protocol;
mod turned_away;

pub use listener::Server;
