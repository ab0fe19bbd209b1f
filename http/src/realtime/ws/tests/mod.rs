//! Real clients on real sockets, in front of a marketplace on real stores.

mod access;
mod bad_input;
mod bounds;
mod chat;
mod client;
mod house;
mod topics;
