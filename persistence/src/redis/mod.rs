//! Redis: what keeps the chat of many nodes.
//!
//! One stream for each room, one entry for each commit, whose id is the number of its first event. A Lua script
//! appends it, with all that follows from it, when the predecessor that it names is the newest.
//!
//! * `access`: how a server is reached; `link`: one connection, made again when it was lost
//! * `options`: what can be chosen; `inspect`: what a server must be before anything is kept on it
//! * `errors`: what Redis says, in the words of the ports
//! * `keys`: the names of keys; `scripts`: what runs inside the server
//! * `store`: the store; `encoding` and `writer`: commits on their way
//! * `journal`: the journal port; `reading`: rebuilding an entity; `listing`: lists over all entities
//! * `inbox`: which rooms somebody is in
//! * `archive`: older history, packed
//! * `moving`: what is given out to another engine, and taken in
//! * `leases`: work that one node does for all
//! * `persons`: the keys of persons, and how they are erased

mod access;
mod archive;
mod encoding;
mod errors;
mod inbox;
mod inspect;
mod journal;
mod keys;
mod leases;
mod link;
mod listing;
mod moving;
mod options;
mod persons;
mod reading;
mod scripts;
mod store;
mod writer;

pub use access::RedisAccess;
pub use errors::OpenError;
pub(crate) use errors::answer;
pub(crate) use link::Link;
pub use options::{RedisDurability, RedisOptions};
pub use store::RedisChatStore;
