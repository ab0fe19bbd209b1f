//! Orders: the process that takes a cart to its sale.
//!
//! * [`entity`]: what an order writes and publishes
//! * [`steps`]: how each step of its process is carried out
//! * [`view`]: what the world sees of it
//! * [`service`]: the calls
//! * [`checkout`]: from a cart and a key to an answer
//! * [`refunds`]: giving money back
//! * [`email_key`]: by which address an order was placed
//! * [`numbers`]: what people call an order

pub mod checkout;
pub mod email_key;
pub mod entity;
pub mod numbers;
pub mod refunds;
pub mod service;
pub mod steps;
pub mod view;
