//! The stores behind a network that fails, and on a server that is killed, under a small load. toxiproxy stands between
//! the store and its server: `scripts/stores --test faults` starts both.
//!
//! In every case: a call is answered in time, nothing acknowledged is lost, nothing is written twice, and writing goes
//! on afterwards with the same store.

mod load;
mod mongodb;
mod postgres;
mod toxiproxy;
