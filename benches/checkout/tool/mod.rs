//! The load and what is measured with it.
//!
//! * [`run`]: the whole course, from an empty folder to the verdict
//! * `options`, `machine`, `cores`: what is asked for, where it runs, who gets which core
//! * `process`, `shop`, `provider`, `catalogue`: the processes under load, and what they sell
//! * `connection`, `cut`, `bodies`, `buyer`, `tally`: one client, lean
//! * `closed`, `open`, `floor`: the ways to drive clients
//! * `cpu`, `measured`, `table`: what it cost, and how it is shown
//! * `fill`: a folder with many finished orders

mod bodies;
mod buyer;
mod catalogue;
mod closed;
mod connection;
mod cores;
mod cpu;
mod cut;
mod fill;
mod floor;
mod machine;
mod measured;
mod open;
pub mod options;
mod process;
mod provider;
pub mod run;
mod shop;
mod table;
mod tally;
