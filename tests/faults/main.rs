//! Engines behind a network that fails, and servers that are killed, under load: first each store by itself, then the
//! whole shop. toxiproxy stands before the servers: `scripts/stores --test faults` starts both.
//!
//! In every case: a call is answered in time, nothing acknowledged is lost, nothing is written twice, and writing goes
//! on afterwards with the same store.
//!
//! * `toxiproxy`: what a network does; `victim`: servers that may be killed
//! * `load`, `mongodb`, `postgres`: the stores of two engines; `durability`: what is refused at the start
//! * `shop`: the running program

#[path = "../support/mod.rs"]
mod support;

mod durability;
mod load;
mod mongodb;
mod postgres;
mod shop;
mod toxiproxy;
mod victim;
