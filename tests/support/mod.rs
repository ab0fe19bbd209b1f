//! What the tests of the real process share.
//!
//! * `shop`: a data folder and the server on it; the place to start
//! * `process`: one run of the binary, bounded in time, with its output kept
//! * `server`: the binary as a server; `sandbox`: as the payment provider
//! * `catalogue`: CSV files in Shopify's form
//! * `client`: HTTP; `answer`: what came back; `buyer`: the way of an order; `people`: guests, rooms and messages
//! * `live`: the WebSocket
//! * `check`: `souk check` on a stopped folder
//! * `engines`: databases of a shop's own on real servers; `proxy`: a balancer, or a cable to be pulled
//! * `wait`: waiting for a condition with a deadline
//! * `chance`: random numbers that a printed seed gives again
#![allow(dead_code)] // Each test target takes the parts it needs.

pub mod answer;
pub mod buyer;
pub mod catalogue;
pub mod chance;
pub mod check;
pub mod client;
pub mod engines;
pub mod live;
pub mod people;
pub mod process;
pub mod proxy;
pub mod sandbox;
pub mod server;
pub mod shop;
pub mod wait;
