//! Connections: HTTP/1.1, and HTTP/2 for clients that begin with it. Every wait has a bound.
//!
//! * [`listener`]: the accept loop, and how it ends
//! * `connection`: one connection from its first byte to its last
//! * `protocol`: what hyper is told about bounds
//! * [`certificate`]: TLS, and how a new certificate takes the old one's place
//! * [`places`]: how many connections there may be, in all and from one address
//! * `counted`: a stream that holds its place among the connections
//! * [`framing`]: a second look at where one request ends and the next begins
//! * [`service`]: a port of its own for one service
//! * `turned_away`: what one connection too many is told

pub mod certificate;
mod connection;
mod counted;
pub mod framing;
pub mod listener;
pub mod places;
mod protocol;
pub mod service;
mod turned_away;

pub use listener::{Server, Shared};
