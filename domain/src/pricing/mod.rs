//! What a cart costs: a pure function from lines, destination and the shop's rules to totals.
//!
//! * [`rules`]: the shop's shipping zones and tax rates, from the config
//! * [`totals`]: the sum, with its one rounding rule

pub mod rules;
pub mod totals;
