//! The edge over a real marketplace on embedded stores in a temporary folder.
//!
//! * `shop`: the marketplace and how it is asked
//! * `answer`: an answer, checked for what all answers promise

mod access;
mod accounts;
mod answer;
mod bad_input;
mod boundary;
mod browsing;
mod buying;
mod chatting;
mod discounts;
mod document;
mod matrix;
mod paying;
mod server;
mod shop;
mod webhooks;
