//! Moving house: what a store holds, taken out of one engine and put into another.
//!
//! Everything is moved as it is kept: events and snapshots stay sealed, and the keys of persons come along. What a
//! store holds is a row of *sections* that mean the same on every engine, each a list of records with a key.
//!
//! * `value`: what a record is made of
//! * [`section`]: a list of records, and which fields they have
//! * [`domains`]: the sections of each domain
//! * [`port`]: how an adapter gives sections out and takes them in
//! * [`digest`]: what two stores are compared by
//! * [`transfer`]: one domain from one store to another, page by page

pub mod digest;
pub mod domains;
pub mod port;
pub mod section;
pub mod transfer;
pub(crate) mod value;

pub use digest::Digest;
pub use domains::MovedDomain;
pub use port::{Movable, Pages, pages};
pub use section::{Field, Kind, Section, What};
pub use value::{Record, Value};
