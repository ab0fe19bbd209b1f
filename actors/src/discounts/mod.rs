//! Limited discounts: who may still use them.
//!
//! * [`entity`]: what a discount writes beside its journal
//! * [`service`]: the calls: claim, redeem, release
//! * [`customer`]: who somebody is to a discount, without saying who it is

pub mod customer;
pub mod entity;
pub mod service;
