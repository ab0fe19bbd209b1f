//! What the adapters for SQL databases share: how commits and rows are taken apart into cells, and made of what was read.
//!
//! * `cell`: what a row is made of
//! * `encoding`: a commit made ready for a writer
//! * `rows`: read-model rows as cells; `records`: read-model rows as they are read
//! * `accounts`: accounts as they are read
//! * `events`: journals as they are read
//! * `deliveries`: the outbox's deliveries and endpoints, as cells and as they are read
//! * `moving`: the statements of a move to another engine
//! * `versions`: which migrations a database has, and which this program knows
//! * `errors`: errors of a database in the words of the ports

pub(crate) mod accounts;
pub(crate) mod cell;
pub(crate) mod deliveries;
pub(crate) mod encoding;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod moving;
pub(crate) mod records;
pub(crate) mod rows;
pub(crate) mod versions;
