//! What a cart costs: one pure function, [`price::price`], from lines, destination, codes, the shop's rules
//! and the time to what is to be paid, with a reason for every part.
//!
//! * [`price`]: the whole, and its one rounding rule
//! * [`basket`]: what is priced
//! * [`totals`]: the sums
//! * [`rules`]: the shop's shipping zones and tax rates, from the config
//! * [`discounts`]: the shop's discounts, from the config
//! * [`eligible`]: which discounts a basket may have, and what hinders the others
//! * [`reduction`]: what discounts take off, and which of them go together
//! * `shipping`, `tax`: what is added
//! * `spread`: shares that add up
//! * [`reason`]: why it costs what it costs

pub mod basket;
pub mod discounts;
pub mod eligible;
pub mod price;
pub mod reason;
pub mod reduction;
pub mod rules;
mod shipping;
mod spread;
mod tax;
#[cfg(test)]
mod tests;
pub mod totals;
