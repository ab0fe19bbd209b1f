//! The catalogue on MongoDB against the contract of the ports, and what is its own. Needs a server that it may fill:
//! `scripts/stores --test mongodb` starts one.

mod contract;
#[path = "../support/embedded.rs"]
mod embedded;
mod moving;
mod opening;
mod recovering;
mod sharing;
mod support;
